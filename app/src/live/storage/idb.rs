//! IndexedDB as futures. Nothing here panics or throws: every failure is a [`Failure`].

use std::rc::Rc;

use js_sys::{Array, Function, Object, Promise, Reflect};
use leptos::prelude::window;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    DomException, IdbDatabase, IdbFactory, IdbKeyRange, IdbObjectStore, IdbOpenDbRequest,
    IdbRequest, IdbTransaction, IdbVersionChangeEvent,
};

/// Why something was not stored or read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Failure {
    /// The disk, or this site's share of it, is full.
    Full,
    /// A newer version of the page has changed the database.
    Newer,
    /// Anything else.
    Broken,
}

impl From<JsValue> for Failure {
    fn from(error: JsValue) -> Self {
        error.dyn_ref::<DomException>().map_or(Self::Broken, of)
    }
}

fn of(error: &DomException) -> Failure {
    match error.name().as_str() {
        "QuotaExceededError" => Failure::Full,
        "VersionError" => Failure::Newer,
        _ => Failure::Broken,
    }
}

/// Why a connection to a database ended by itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Gone {
    /// Somebody deletes the database.
    Deleted,
    /// A newer page changes it, or the browser closed it.
    Closed,
}

/// A change of one store.
pub(super) enum Change {
    /// Stores a text under a key.
    Put(String, String),
    /// Deletes a key, if it is there.
    Delete(String),
    /// Deletes all keys between these two, both included.
    DeleteBetween(String, String),
    /// Deletes everything.
    Clear,
}

/// What a transaction waits for before it says that it is done.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Durability {
    /// The disk.
    Strict,
    /// The operating system.
    Relaxed,
}

/// An open database. It is closed with the last clone.
#[derive(Clone)]
pub(super) struct Database(Rc<Connection>);

struct Connection {
    raw: IdbDatabase,
    _changed: Closure<dyn Fn(IdbVersionChangeEvent)>,
    _closed: Closure<dyn Fn()>,
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.raw.set_onversionchange(None);
        self.raw.set_onclose(None);
        self.raw.close();
    }
}

/// Opens a database and makes the stores of its version that are missing. `gone` is called
/// when the connection ends by itself.
pub(super) async fn open(
    name: &str,
    version: u32,
    stores: &'static [&'static str],
    gone: impl Fn(Gone) + Clone + 'static,
) -> Result<Database, Failure> {
    let request = factory()?.open_with_u32(name, version)?;
    let upgrade = Closure::<dyn Fn(IdbVersionChangeEvent)>::new({
        let request = request.clone();
        move |_| {
            // A failure aborts the upgrade, and opening with it.
            let _ = make_stores(&request, stores);
        }
    });
    request.set_onupgradeneeded(Some(upgrade.as_ref().unchecked_ref()));
    let opened = answer(&request).await;
    request.set_onupgradeneeded(None);
    let raw: IdbDatabase = opened?.unchecked_into();
    let changed = Closure::<dyn Fn(IdbVersionChangeEvent)>::new({
        let (raw, gone) = (raw.clone(), gone.clone());
        move |event: IdbVersionChangeEvent| {
            raw.close();
            gone(match event.new_version() {
                None => Gone::Deleted,
                Some(_) => Gone::Closed,
            });
        }
    });
    let closed = Closure::<dyn Fn()>::new(move || gone(Gone::Closed));
    raw.set_onversionchange(Some(changed.as_ref().unchecked_ref()));
    raw.set_onclose(Some(closed.as_ref().unchecked_ref()));
    Ok(Database(Rc::new(Connection {
        raw,
        _changed: changed,
        _closed: closed,
    })))
}

/// Deletes a database. Waits for other tabs to let go of it.
pub(super) async fn delete(name: &str) -> Result<(), Failure> {
    let request = factory()?.delete_database(name)?;
    answer(&request).await.map(drop)
}

impl Database {
    /// Carries out changes, all or none.
    pub(super) async fn write(
        &self,
        stores: &[&'static str],
        durability: Durability,
        changes: Vec<(&'static str, Change)>,
    ) -> Result<(), Failure> {
        let transaction = self.begin(stores, "readwrite", durability)?;
        let done = completion(&transaction);
        for (store, change) in changes {
            if let Err(error) = request(&transaction, store, change) {
                let _ = transaction.abort();
                let _ = done.await;
                return Err(error.into());
            }
        }
        // A page that goes away now takes with it what is not committed. Where a browser does
        // not know it, the transaction commits by itself, a little later.
        let _ = method(&transaction, "commit").and_then(|commit| commit.call0(&transaction));
        done.await
    }

    /// Everything in some stores, at one moment.
    pub(super) async fn read<const N: usize>(
        &self,
        stores: [&'static str; N],
    ) -> Result<[Vec<String>; N], Failure> {
        let transaction = self.begin(&stores, "readonly", Durability::Relaxed)?;
        let done = completion(&transaction);
        let mut requests = Vec::new();
        for store in stores {
            requests.push(transaction.object_store(store)?.get_all()?);
        }
        done.await?;
        let mut found = stores.map(|_| Vec::new());
        for (texts, request) in found.iter_mut().zip(requests) {
            let values: Array = request.result()?.unchecked_into();
            texts.extend(values.iter().filter_map(|value| value.as_string()));
        }
        Ok(found)
    }

    fn begin(
        &self,
        stores: &[&'static str],
        mode: &str,
        durability: Durability,
    ) -> Result<IdbTransaction, Failure> {
        let raw = &self.0.raw;
        let names: Array = stores.iter().map(|name| JsValue::from_str(name)).collect();
        let options = Object::new();
        if durability == Durability::Strict {
            Reflect::set(&options, &"durability".into(), &"strict".into())?;
        }
        let begin = method(raw, "transaction")?;
        let transaction = begin.call3(raw, &names, &mode.into(), &options)?;
        Ok(transaction.unchecked_into())
    }
}

/// A method that the bindings lack, or of which they lack an argument.
fn method(object: &JsValue, name: &str) -> Result<Function, JsValue> {
    Reflect::get(object, &name.into())?.dyn_into()
}

fn factory() -> Result<IdbFactory, Failure> {
    window().indexed_db()?.ok_or(Failure::Broken)
}

fn make_stores(request: &IdbOpenDbRequest, stores: &[&str]) -> Result<(), JsValue> {
    let database: IdbDatabase = request.result()?.unchecked_into();
    let present = database.object_store_names();
    for store in stores {
        if !present.contains(store) {
            database.create_object_store(store)?;
        }
    }
    Ok(())
}

fn request(transaction: &IdbTransaction, store: &str, change: Change) -> Result<(), JsValue> {
    let store: IdbObjectStore = transaction.object_store(store)?;
    match change {
        Change::Put(key, text) => store.put_with_key(&text.into(), &key.into())?,
        Change::Delete(key) => store.delete(&key.into())?,
        Change::DeleteBetween(from, to) => {
            store.delete(&IdbKeyRange::bound(&from.into(), &to.into())?.into())?
        }
        Change::Clear => store.clear()?,
    };
    Ok(())
}

/// The result of a request.
async fn answer(request: &IdbRequest) -> Result<JsValue, Failure> {
    // The functions that settle a promise are the handlers themselves.
    let settled = Promise::new(&mut |resolve, reject| {
        request.set_onsuccess(Some(&resolve));
        request.set_onerror(Some(&reject));
    });
    let outcome = JsFuture::from(settled).await;
    request.set_onsuccess(None);
    request.set_onerror(None);
    match outcome {
        Ok(_) => Ok(request.result()?),
        Err(_) => Err(request.error()?.as_ref().map_or(Failure::Broken, of)),
    }
}

/// The end of a transaction. Listens from the moment of the call.
fn completion(transaction: &IdbTransaction) -> impl Future<Output = Result<(), Failure>> + use<> {
    let settled = Promise::new(&mut |resolve, reject| {
        transaction.set_oncomplete(Some(&resolve));
        transaction.set_onabort(Some(&reject));
    });
    let transaction = transaction.clone();
    async move {
        match JsFuture::from(settled).await {
            Ok(_) => Ok(()),
            Err(_) => Err(transaction.error().as_ref().map_or(Failure::Broken, of)),
        }
    }
}
