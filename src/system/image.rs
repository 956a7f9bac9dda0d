//! Which image runs: a repository of the spec with the tag and digest of `images.lock`.

use crate::origin::{IMAGE_LOCKED, Origin, Traced, Tracer};
use crate::spec::images::ImagesFile;
use crate::text::Text;
use crate::value::{ImageRef, ImageRepository, Value};

/// The image of a container.
#[derive(Clone, Debug)]
pub struct Image {
    /// the repository, if the spec names one
    pub repository: Option<Traced<Text>>,
    /// what the cluster pulls: `repository:tag@digest`, or `repository:tag` where no digest is known
    pub reference: Result<Traced<Text>, Unresolved>,
    /// whether the reference has a digest
    pub pinned: bool,
}

/// Why there is no image to pull.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unresolved {
    /// nothing names an image
    Missing,
    /// a repository without a tag, and no entry in `images.lock`
    NotLocked(Origin),
}

impl Image {
    pub(super) fn missing() -> Image {
        Image { repository: None, reference: Err(Unresolved::Missing), pinned: false }
    }

    /// The image of a bare repository: tag and digest must be in the lock.
    pub(super) fn of_repository(
        repository: &Traced<ImageRepository>,
        images: Option<&ImagesFile>,
        tracer: &Tracer,
    ) -> Image {
        Self::resolve(super::text_of(repository), None, images, tracer)
    }

    /// The image of a reference: what it lacks comes from the lock; a digest of its own wins.
    pub(super) fn of_reference(
        image: &Traced<ImageRef>,
        images: Option<&ImagesFile>,
        tracer: &Tracer,
    ) -> Image {
        let repository = image.map(|i| Text::from(i.repository().text().into_owned()));
        if image.get().digest().is_some() {
            return Image {
                repository: Some(repository),
                reference: Ok(super::text_of(image)),
                pinned: true,
            };
        }
        let tagged = image.get().tag().is_some().then(|| super::text_of(image));
        Self::resolve(repository, tagged, images, tracer)
    }

    /// `tagged` is the reference to fall back to when the lock has no entry.
    pub(super) fn resolve(
        repository: Traced<Text>,
        tagged: Option<Traced<Text>>,
        images: Option<&ImagesFile>,
        tracer: &Tracer,
    ) -> Image {
        let locked = images.and_then(|file| file.images.get(repository.get()));
        let reference = match (locked, tagged) {
            (Some(entry), tagged) => {
                let written = tagged.as_ref().unwrap_or(&repository);
                let (tag, digest) = (&entry.value.tag, &entry.value.digest);
                let value = format!("{}:{}@{}", repository.get(), tag.get().text(), digest.get().text());
                let inputs = [written.origin(), tag.origin(), digest.origin()];
                Ok(Traced::because(Text::from(value), tracer.because(IMAGE_LOCKED, &inputs)))
            }
            (None, Some(tagged)) => Ok(tagged),
            (None, None) => Err(Unresolved::NotLocked(repository.origin())),
        };
        Image { repository: Some(repository), reference, pinned: locked.is_some() }
    }

    /// The reference as text for lowering; a check has made sure that there is one.
    pub fn text(&self) -> Traced<Text> {
        match &self.reference {
            Ok(reference) => reference.clone(),
            Err(Unresolved::NotLocked(origin)) => Traced::because(Text::Literal(""), *origin),
            Err(Unresolved::Missing) => crate::origin::rule(IMAGE_LOCKED, ""),
        }
    }
}
