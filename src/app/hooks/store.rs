//! The browser's database, where work is kept over a reload: pieces of text by number, and three more by name.
//!
//! What the texts say is not known here. One page writes at a time: whoever opened it last.

use js_sys::futures::JsFuture;
use js_sys::{Array, Promise};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    DomException, IdbDatabase, IdbKeyRange, IdbObjectStore, IdbRequest, IdbTransaction, IdbTransactionMode,
};

use super::browser;
use crate::state::save::Batch;

const DATABASE: &str = "redis-playground";
const STORE: &str = "work";
const META: &str = "meta";
const OWNER: &str = "owner";
const PREVIOUS: &str = "previous";

/// What the database holds, besides who may write.
#[derive(Debug, Default)]
pub struct Found {
    pub meta: Option<String>,
    pub chunks: Vec<String>,
    /// The work before this one.
    pub previous: Option<String>,
    /// Something lies there that no page of this kind wrote.
    pub is_odd: bool,
}

/// Why nothing was written.
#[derive(Debug)]
pub enum Failure {
    /// Another page has become the one that writes.
    Elsewhere,
    Full,
    Other(String),
}

impl From<JsValue> for Failure {
    fn from(error: JsValue) -> Self {
        let Some(error) = error.dyn_ref::<DomException>() else {
            return Self::Other("the browser gives no reason".into());
        };
        if error.name() == "QuotaExceededError" { Self::Full } else { Self::Other(error.message()) }
    }
}

/// Waits for what was asked of the database.
async fn answer(request: &IdbRequest) -> Result<JsValue, JsValue> {
    let promise = Promise::new(&mut |resolve, reject| {
        request.set_onsuccess(Some(&resolve));
        request.set_onerror(Some(&reject));
    });
    if JsFuture::from(promise).await.is_err() {
        return Err(request.error().ok().flatten().map_or(JsValue::NULL, JsValue::from));
    }
    request.result()
}

/// Waits until what was written is there.
async fn finished(transaction: &IdbTransaction) -> Result<(), JsValue> {
    let promise = Promise::new(&mut |resolve, reject| {
        transaction.set_oncomplete(Some(&resolve));
        transaction.set_onabort(Some(&reject));
    });
    if JsFuture::from(promise).await.is_err() {
        return Err(transaction.error().map_or(JsValue::NULL, JsValue::from));
    }
    Ok(())
}

pub async fn open() -> Result<IdbDatabase, Failure> {
    let factory = browser::window().and_then(|window| window.indexed_db().ok().flatten());
    let factory = factory.ok_or_else(|| Failure::Other("it has no database for this page".into()))?;
    let request = factory.open_with_u32(DATABASE, 1)?;
    let upgrade = {
        let request = request.clone();
        Closure::<dyn FnMut()>::new(move || {
            let database = request.result().ok().and_then(|result| result.dyn_into::<IdbDatabase>().ok());
            if let Some(database) = database {
                let _ = database.create_object_store(STORE);
            }
        })
    };
    request.set_onupgradeneeded(Some(upgrade.as_ref().unchecked_ref()));
    let opened = answer(&request).await;
    request.set_onupgradeneeded(None);
    Ok(opened?.unchecked_into())
}

fn begin(
    database: &IdbDatabase,
    mode: IdbTransactionMode,
) -> Result<(IdbTransaction, IdbObjectStore), JsValue> {
    let transaction = database.transaction_with_str_and_mode(STORE, mode)?;
    let store = transaction.object_store(STORE)?;
    Ok((transaction, store))
}

pub async fn read(database: &IdbDatabase) -> Result<Found, Failure> {
    let (_transaction, store) = begin(database, IdbTransactionMode::Readonly)?;
    let (keys, values) = (store.get_all_keys()?, store.get_all()?);
    let keys: Array = answer(&keys).await?.unchecked_into();
    let values: Array = if values.ready_state() == web_sys::IdbRequestReadyState::Done {
        values.result()?.unchecked_into()
    } else {
        answer(&values).await?.unchecked_into()
    };
    let mut found = Found::default();
    for (key, value) in keys.iter().zip(values.iter()) {
        let place = key.as_f64();
        match (value.as_string(), key.as_string().as_deref()) {
            (Some(text), Some(META)) => found.meta = Some(text),
            (_, Some(OWNER)) => {}
            (text, Some(PREVIOUS)) => found.previous = text.filter(|text| !text.is_empty()),
            (Some(text), _) => {
                found.is_odd |= place != Some(found.chunks.len() as f64);
                found.chunks.push(text);
            }
            (None, _) => found.is_odd = true,
        }
    }
    Ok(found)
}

/// Makes this page the one that writes.
pub async fn claim(database: &IdbDatabase, owner: &str) -> Result<(), Failure> {
    let (transaction, store) = begin(database, IdbTransactionMode::Readwrite)?;
    store.put_with_key(&owner.into(), &OWNER.into())?;
    Ok(finished(&transaction).await?)
}

/// Writes the pieces that changed, if this page is still the one that writes.
pub async fn write(database: &IdbDatabase, owner: &str, batch: &Batch, meta: &str) -> Result<(), Failure> {
    let (transaction, store) = begin(database, IdbTransactionMode::Readwrite)?;
    let current = answer(&store.get(&OWNER.into())?).await?;
    if current.as_string().as_deref() != Some(owner) {
        return Err(Failure::Elsewhere);
    }
    let rest = IdbKeyRange::bound(&(batch.of as f64).into(), &f64::MAX.into())?;
    store.delete(&rest)?;
    for (number, text) in batch.chunks.iter().enumerate() {
        store.put_with_key(&text.as_str().into(), &((batch.first + number) as f64).into())?;
    }
    // At once with what it gave way to: at no moment is one of them missing.
    if let Some(previous) = &batch.previous {
        store.put_with_key(&(&**previous).into(), &PREVIOUS.into())?;
    }
    if batch.of == 0 {
        store.delete(&META.into())?;
    } else {
        store.put_with_key(&meta.into(), &META.into())?;
    }
    Ok(finished(&transaction).await?)
}
