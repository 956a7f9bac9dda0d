//! Where a workload is reached from outside.

use crate::origin::{DEFAULT_PATHS, Origin, Traced};
use crate::spec::workload::{self as spec};
use crate::system::text_of;
use crate::text::Text;
use crate::value::Host;

use super::Unset;

/// Where a workload is reached from outside.
#[derive(Clone, Debug)]
pub struct Route {
    /// the table
    pub because: Origin,
    /// host name
    pub host: Traced<Host>,
    /// path prefixes
    pub paths: Vec<Traced<Text>>,
}

impl Unset<'_> {
    pub(super) fn route(&self, table: &spec::Workload) -> Option<Route> {
        let route = table.route.as_ref()?;
        let paths = if route.paths.is_empty() {
            vec![self.tracer().constant(DEFAULT_PATHS, &[Origin::spec(route.at)], "/")]
        } else {
            route.paths.iter().map(text_of).collect()
        };
        Some(Route { because: Origin::spec(route.at), host: route.host.clone(), paths })
    }
}
