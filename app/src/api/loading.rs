//! What pages load from the server functions.
//!
//! The reader of JSON is generated for each type and each kind of source. Leptos' own codec reads
//! texts and server functions read bytes, so every answer would bring two readers into the
//! browser, half a megabyte in all. These resources read bytes too.

use leptos::prelude::{ArcResource, Resource};
use leptos::server::codee::{Decoder, Encoder};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// JSON, read as bytes.
pub struct Json;

impl<T: Serialize> Encoder<T> for Json {
    type Error = serde_json::Error;
    type Encoded = String;

    fn encode(value: &T) -> Result<String, Self::Error> {
        serde_json::to_string(value)
    }
}

impl<T: DeserializeOwned> Decoder<T> for Json {
    type Error = serde_json::Error;
    type Encoded = str;

    fn decode(text: &str) -> Result<T, Self::Error> {
        serde_json::from_slice(text.as_bytes())
    }
}

/// What a page loads, again whenever its source changes.
pub type Loaded<T> = Resource<T, Json>;

/// Loads beside the page: the server sends what there is of it meanwhile.
#[track_caller]
pub fn load<T, S, F>(
    source: impl Fn() -> S + Send + Sync + 'static,
    fetch: impl Fn(S) -> F + Send + Sync + 'static,
) -> Loaded<T>
where
    T: Serialize + DeserializeOwned + Send + Sync + 'static,
    S: PartialEq + Clone + Send + Sync + 'static,
    F: Future<Output = T> + Send + 'static,
{
    ArcResource::new_with_options(source, fetch, false).into()
}

/// Loads before anything is sent: for what the document cannot do without, its title or status.
#[track_caller]
pub fn load_first<T, S, F>(
    source: impl Fn() -> S + Send + Sync + 'static,
    fetch: impl Fn(S) -> F + Send + Sync + 'static,
) -> Loaded<T>
where
    T: Serialize + DeserializeOwned + Send + Sync + 'static,
    S: PartialEq + Clone + Send + Sync + 'static,
    F: Future<Output = T> + Send + 'static,
{
    ArcResource::new_with_options(source, fetch, true).into()
}

#[cfg(test)]
mod tests {
    use leptos::server::codee::{Decoder, Encoder};

    use super::Json;

    #[test]
    fn every_script_comes_back_as_it_went() {
        let said = vec![
            Some("kaise ho".to_owned()),
            None,
            Some("کیسے ہو «कैसे» \u{1F600} \"\\".to_owned()),
        ];
        let text = Json::encode(&said).unwrap();
        assert_eq!(
            <Json as Decoder<Vec<Option<String>>>>::decode(&text).unwrap(),
            said
        );
        assert!(<Json as Decoder<u8>>::decode("300").is_err());
    }
}
