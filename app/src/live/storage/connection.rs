//! Opening the database, again and again if need be.

use std::rc::Rc;

use futures_util::FutureExt;
use futures_util::future::{LocalBoxFuture, Shared};
use wasm_bindgen_futures::spawn_local;

use super::idb::{self, Database, Failure, Gone};
use super::{Keeper, Told, records};

/// A database that is being opened.
pub(super) type Opening = Shared<LocalBoxFuture<'static, Result<Database, Failure>>>;

impl Keeper {
    /// The open database, opened if it is not.
    pub(super) async fn connect(self: &Rc<Self>) -> Result<Database, Failure> {
        if self.ended.get() {
            return Err(Failure::Broken);
        }
        if let Some(database) = self.database.borrow().clone() {
            return Ok(database);
        }
        self.opening().await
    }

    /// The one attempt at opening that is under way. It goes on when whoever waits for it has
    /// lost patience: a database that opens for nobody would stand in the way of its deletion.
    fn opening(self: &Rc<Self>) -> Opening {
        if let Some(opening) = &*self.opening.borrow() {
            return opening.clone();
        }
        let keeper = Rc::clone(self);
        let opening = async move {
            let opened = keeper.open().await;
            keeper.opening.take();
            opened
        };
        let opening = opening.boxed_local().shared();
        self.opening.replace(Some(opening.clone()));
        spawn_local(opening.clone().map(drop));
        opening
    }

    async fn open(self: &Rc<Self>) -> Result<Database, Failure> {
        let keeper = Rc::downgrade(self);
        let gone = move |gone| {
            if let Some(keeper) = keeper.upgrade() {
                keeper.database.take();
                if gone == Gone::Deleted {
                    keeper.tell(Told::Deleted);
                    keeper.end();
                }
            }
        };
        let database = idb::open(&self.name, records::VERSION, records::STORES, gone).await?;
        if self.ended.get() {
            return Err(Failure::Broken);
        }
        self.database.replace(Some(database.clone()));
        Ok(database)
    }
}
