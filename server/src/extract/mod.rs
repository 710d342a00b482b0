//! What handlers take from a request: who asks, and with which parameters.
//!
//! Authentication and rate limits run before any extractor, in [`crate::middleware::admission`], as the table of routes
//! says. The extractors of callers only hand out what it found, so a handler cannot forget to authenticate: on a route
//! whose access does not fit, [`AuthedUser`] is an error of ours, not a hole.

mod caller;
mod delivery;
mod elsewhere;
mod form;
mod json_value;
mod params;
mod picture;
mod realm;
mod sender;

#[cfg(test)]
mod tests;

pub use caller::{AuthedUser, Person, RealmAdmin, RealmOwner, Visitor};
pub use delivery::{Delivery, DeliveryOptions};
pub use elsewhere::Elsewhere;
pub use params::{Converted, IgnoredParameters, NoParams, Params};
pub use picture::Upload;
pub use realm::{CurrentRealm, subdomain};
pub use sender::{MessageSender, Sender};
