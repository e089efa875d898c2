//! A view that is drawn anew when its key changes, and left alone otherwise; it is never patched.
//!
//! Patching one question into the next would keep what was typed into the old one's field (a
//! field's content, once edited, no longer follows its attribute), and the code for patching is a
//! fifth of the download. A question is small: building it is as fast.

use leptos::attr::Attribute;
use leptos::attr::any_attribute::AnyAttribute;
use leptos::prelude::{AddAnyAttr, IntoView, Mountable, Render, RenderHtml, untrack};
use leptos::tachys::hydration::Cursor;
use leptos::tachys::renderer::types::{Element, Node};
use leptos::tachys::view::{Position, PositionState};

/// See the module.
pub struct Fresh<D> {
    /// Draws something else when it differs.
    pub key: String,
    /// Draws; what it reads is not followed.
    pub draw: D,
}

/// What has been drawn, and for which key.
pub struct Drawn<S> {
    key: String,
    state: S,
}

impl<D: FnOnce() -> V, V: IntoView> Render for Fresh<D> {
    type State = Drawn<V::State>;

    fn build(self) -> Self::State {
        Drawn {
            key: self.key,
            state: untrack(self.draw).build(),
        }
    }

    fn rebuild(self, drawn: &mut Self::State) {
        if self.key == drawn.key {
            return;
        }
        let mut new = self.build();
        drawn.insert_before_this(&mut new);
        drawn.unmount();
        *drawn = new;
    }
}

impl<S: Mountable> Mountable for Drawn<S> {
    fn unmount(&mut self) {
        self.state.unmount();
    }

    fn mount(&mut self, parent: &Element, marker: Option<&Node>) {
        self.state.mount(parent, marker);
    }

    fn insert_before_this(&self, child: &mut dyn Mountable) -> bool {
        self.state.insert_before_this(child)
    }

    fn elements(&self) -> Vec<Element> {
        self.state.elements()
    }
}

impl<D, V> AddAnyAttr for Fresh<D>
where
    D: FnOnce() -> V + Send + 'static,
    V: IntoView + 'static,
{
    type Output<A: Attribute> = Self;

    fn add_any_attr<A: Attribute>(self, _: A) -> Self::Output<A> {
        self
    }
}

impl<D, V> RenderHtml for Fresh<D>
where
    D: FnOnce() -> V + Send + 'static,
    V: IntoView + 'static,
{
    type AsyncOutput = Self;
    type Owned = Self;

    const MIN_LENGTH: usize = V::MIN_LENGTH;

    fn dry_resolve(&mut self) {}

    async fn resolve(self) -> Self {
        self
    }

    fn to_html_with_buf(
        self,
        buf: &mut String,
        position: &mut Position,
        escape: bool,
        mark_branches: bool,
        extra_attrs: Vec<AnyAttribute>,
    ) {
        untrack(self.draw).to_html_with_buf(buf, position, escape, mark_branches, extra_attrs);
    }

    /// The app draws its own form and hydrates nothing.
    fn hydrate<const FROM_SERVER: bool>(self, _: &Cursor, _: &PositionState) -> Self::State {
        self.build()
    }

    fn into_owned(self) -> Self {
        self
    }
}
