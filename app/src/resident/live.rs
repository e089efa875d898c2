//! Parts of the page that follow the session.
//!
//! Whatever the page says is a function of one [`Session`], so nothing has to find out what
//! depends on what: after each act every part is asked what it says now ([`Following::refresh`]),
//! and those that say something else are written again. With the session in one signal of Leptos's
//! the same functions would run, and a fifth more would be downloaded.
//!
//! Each part takes a plain function instead of a closure: all of a kind are then one type,
//! compiled once.

use super::session::Session;
use leptos::attr::any_attribute::AnyAttribute;
use leptos::attr::{Attribute, AttributeValue};
use leptos::prelude::{AddAnyAttr, IntoView, Mountable, Render, RenderHtml};
use leptos::tachys::hydration::Cursor;
use leptos::tachys::renderer::Rndr;
use leptos::tachys::renderer::types::{Element, Text};
use leptos::tachys::view::{Position, PositionState};
use std::cell::RefCell;

/// Something on the page that follows the session: what it says now, and how to find out.
#[derive(Debug, Clone)]
pub struct Live<T> {
    now: T,
    of: fn(&Session) -> T,
}

/// A text.
pub fn text(session: &Session, of: fn(&Session) -> String) -> Live<String> {
    let now = of(session);
    Live { now, of }
}

/// An attribute; absent where `None`.
pub fn attribute(session: &Session, of: fn(&Session) -> Option<String>) -> Live<Option<String>> {
    let now = of(session);
    Live { now, of }
}

/// An attribute that is there or not, such as `hidden`.
pub fn on(present: bool) -> Option<String> {
    present.then(String::new)
}

/// A part, one element, that is drawn anew whenever its key changes, and only then; it is never
/// patched.
///
/// Patching one question into the next would keep what was typed into the old one's field (a
/// field's content, once edited, no longer follows its attribute).
pub struct Anew<V> {
    key: Live<String>,
    draw: fn(&Session) -> V,
    view: V,
}

/// See [`Anew`].
pub fn anew<V: IntoView + 'static>(
    session: &Session,
    key: fn(&Session) -> String,
    draw: fn(&Session) -> V,
) -> Anew<V> {
    Anew {
        key: text(session, key),
        draw,
        view: draw(session),
    }
}

/// One part's way to follow.
type Follow = Box<dyn FnMut(&Session)>;

/// The parts of something drawn that follow the session.
pub struct Following(Vec<Follow>);

thread_local! {
    /// Those of what is being built.
    static FOLLOWING: RefCell<Vec<Follow>> = const { RefCell::new(Vec::new()) };
}

fn follow(part: impl FnMut(&Session) + 'static) {
    FOLLOWING.with_borrow_mut(|parts| parts.push(Box::new(part)));
}

/// Builds a view that is one element, and says what in it follows the session.
pub fn build<V: Render>(view: V) -> (Option<Element>, Following) {
    let around = FOLLOWING.take();
    let element = view.build().elements().pop();
    (element, Following(FOLLOWING.replace(around)))
}

impl Following {
    /// Brings all parts up to date.
    pub fn refresh(&mut self, session: &Session) {
        for part in &mut self.0 {
            part(session);
        }
    }
}

impl Render for Live<String> {
    type State = Text;

    fn build(self) -> Text {
        let Live { mut now, of } = self;
        let node = Rndr::create_text_node(&now);
        let shown = node.clone();
        follow(move |session| {
            let new = of(session);
            if new != now {
                Rndr::set_text(&shown, &new);
                now = new;
            }
        });
        node
    }

    fn rebuild(self, _: &mut Text) {}
}

impl<V: IntoView + 'static> Render for Anew<V> {
    type State = Option<Element>;

    fn build(self) -> Self::State {
        let Anew {
            mut key,
            draw,
            view,
        } = self;
        let (drawn, mut following) = build(view);
        let mut shown = drawn.clone();
        follow(move |session| {
            let new = (key.of)(session);
            if new == key.now {
                following.refresh(session);
                return;
            }
            key.now = new;
            let (mut fresh, parts) = build(draw(session));
            following = parts;
            shown.insert_before_this(&mut fresh);
            shown.unmount();
            shown = fresh;
        });
        drawn
    }

    fn rebuild(self, _: &mut Self::State) {}
}

/// What Leptos asks of a part besides drawing: it becomes HTML as what it draws does, and waits
/// for nothing. The app draws its own form, so it hydrates nothing.
macro_rules! html {
    ($part:ty, $drawn:ty, $view:ident $(, $generic:ident: $bound:path)?) => {
        impl<$($generic: $bound + 'static)?> AddAnyAttr for $part {
            type Output<A: Attribute> = Self;

            fn add_any_attr<A: Attribute>(self, _: A) -> Self::Output<A> {
                self
            }
        }

        impl<$($generic: $bound + 'static)?> RenderHtml for $part {
            type AsyncOutput = Self;
            type Owned = Self;

            const MIN_LENGTH: usize = <$drawn>::MIN_LENGTH;

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
                let view = self.$view;
                view.to_html_with_buf(buf, position, escape, mark_branches, extra_attrs);
            }

            fn hydrate<const FROM_SERVER: bool>(
                self,
                _: &Cursor,
                _: &PositionState,
            ) -> Self::State {
                self.build()
            }

            fn into_owned(self) -> Self {
                self
            }
        }
    };
}

html!(Live<String>, String, now);
html!(Anew<V>, V, view, V: IntoView);

impl AttributeValue for Live<Option<String>> {
    type State = ();
    type AsyncOutput = Self;
    type Cloneable = Self;
    type CloneableOwned = Self;

    fn html_len(&self) -> usize {
        AttributeValue::html_len(&self.now)
    }

    fn to_html(self, key: &str, buf: &mut String) {
        AttributeValue::to_html(self.now, key, buf);
    }

    fn to_template(_: &str, _: &mut String) {}

    fn hydrate<const FROM_SERVER: bool>(self, key: &str, element: &Element) {
        self.build(element, key);
    }

    fn build(self, element: &Element, key: &str) {
        let Live { now, of } = self;
        let (element, key) = (element.clone(), key.to_owned());
        let mut shown = None;
        let mut show = move |now: Option<String>| {
            if now != shown {
                match &now {
                    Some(value) => Rndr::set_attribute(&element, &key, value),
                    None => Rndr::remove_attribute(&element, &key),
                }
                shown = now;
            }
        };
        show(now);
        follow(move |session| show(of(session)));
    }

    fn rebuild(self, _: &str, (): &mut ()) {}

    fn into_cloneable(self) -> Self {
        self
    }

    fn into_cloneable_owned(self) -> Self {
        self
    }

    fn dry_resolve(&mut self) {}

    async fn resolve(self) -> Self {
        self
    }
}
