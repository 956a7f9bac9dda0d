//! `[data]` and `class`: how sensitive data is, and what a project rules for each class.

use super::decode::{choices, table};
use crate::origin::Traced;
use crate::value::Retention;

choices! {
    /// How sensitive data is, lowest first.
    pub enum DataClass {
        /// Anybody may see it.
        Public = "public",
        /// Nobody outside: encrypted between pods.
        Internal = "internal",
        /// Not everybody inside either: encrypted between pods and on disks.
        Confidential = "confidential",
        /// Personal data: encrypted like `confidential`.
        Pii = "pii",
    }
}

impl DataClass {
    /// Whether it must be encrypted wherever it leaves a pod.
    pub fn in_transit(self) -> bool {
        self >= DataClass::Internal
    }

    /// Whether it must be encrypted wherever it is kept.
    pub fn at_rest(self) -> bool {
        self >= DataClass::Confidential
    }
}

table! {
    /// What the data of a service is.
    pub struct Data {
        /// The most sensitive data that the service has; a workload, database, cache, queue or external may say otherwise of itself.
        class: Option<Traced<DataClass>> = "not classified: nothing is demanded",
    }

    /// What the project rules for each class of data.
    pub struct Classes {
        /// For data that anybody may see.
        public: Option<ClassRules>,
        /// For data that nobody outside may see.
        internal: Option<ClassRules>,
        /// For data that not everybody inside may see.
        confidential: Option<ClassRules>,
        /// For personal data.
        pii: Option<ClassRules>,
    }

    /// What the project rules for a class of data.
    pub struct ClassRules {
        /// The shortest time that backups must be kept.
        min_retention: Option<Traced<Retention>>,
        /// The longest time that backups may be kept.
        max_retention: Option<Traced<Retention>>,
    }
}

impl Classes {
    /// The rules of one class.
    pub fn of(&self, class: DataClass) -> Option<&ClassRules> {
        match class {
            DataClass::Public => self.public.as_ref(),
            DataClass::Internal => self.internal.as_ref(),
            DataClass::Confidential => self.confidential.as_ref(),
            DataClass::Pii => self.pii.as_ref(),
        }
    }
}
