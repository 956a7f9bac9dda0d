//! `images.lock` of an environment: which tag and digest each image repository has there.

use super::decode::{Map, table};
use crate::origin::Traced;
use crate::value::{Digest, ImageRepository, Tag};

table! {
    /// The image lock of an environment, `images.lock`.
    pub struct ImagesFile {
        /// Tag and digest, by repository.
        images: Map<ImageRepository, Locked>,
    }

    /// What a repository stands for.
    pub struct Locked {
        /// Tag, for people.
        tag: Traced<Tag>,
        /// Digest, for the cluster.
        digest: Traced<Digest>,
    }
}
