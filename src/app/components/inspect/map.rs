//! A sorted set read as places: a plot, and a circle that the reader moves over it. What lies within is the engine's word.

use playground_engine::picture::{Circle, Inside, PlacePicture, PlacesPicture};
use web_sys::{Element, HtmlInputElement};
use yew::prelude::*;

use super::PictureProps;
use super::command::Slot;
use super::edit::{Form, Verb, run_button};
use super::roving::Roving;
use super::scene::{Scene, short_label};
use crate::format;
use crate::state::inspect::Turn;

const WIDTH: f64 = 480.0;
const HEIGHT: f64 = 280.0;
/// Metres of a degree of latitude.
const DEGREE: f64 = 111_226.3;
/// The least that is drawn, in degrees: a lone place has some land around it.
const LEAST: f64 = 0.02;
/// Places that have their names beside them, and those found that are listed.
const NAMED: usize = 24;
const LISTED: usize = 50;
/// Where a search may begin, as Redis has it.
const LONGITUDE: f64 = 180.0;
const TURN: f64 = 360.0;
const LATITUDE: f64 = 85.051_128;

/// From degrees to the drawing and back: a degree of longitude is as wide as it is in the middle of the picture.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Projection {
    longitude: f64,
    latitude: f64,
    /// Units of the drawing for a degree of latitude, and how much narrower one of longitude is.
    scale: f64,
    narrow: f64,
}

impl Projection {
    fn around(places: &[PlacePicture]) -> Self {
        let (west, east) = span(places.iter().map(|place| place.longitude).collect());
        let latitudes = || places.iter().map(|place| place.latitude);
        let (south, north) = if places.is_empty() {
            (0.0, 0.0)
        } else {
            (latitudes().fold(f64::INFINITY, f64::min), latitudes().fold(f64::NEG_INFINITY, f64::max))
        };
        let latitude = f64::midpoint(south, north);
        let narrow = latitude.to_radians().cos().max(0.05);
        let (across, up) = ((east - west).max(LEAST) * narrow, (north - south).max(LEAST));
        // A margin of a sixth on each side.
        let scale = (WIDTH / across).min(HEIGHT / up) / 1.5;
        Self { longitude: wrapped(f64::midpoint(west, east)), latitude, scale, narrow }
    }

    fn point(self, longitude: f64, latitude: f64) -> (f64, f64) {
        let x = WIDTH / 2.0 + wrapped(longitude - self.longitude) * self.narrow * self.scale;
        (x, HEIGHT / 2.0 - (latitude - self.latitude) * self.scale)
    }

    fn degrees(self, x: f64, y: f64) -> (f64, f64) {
        let longitude = self.longitude + (x - WIDTH / 2.0) / self.narrow / self.scale;
        (wrapped(longitude), self.latitude - (y - HEIGHT / 2.0) / self.scale)
    }

    /// A circle around the place nearest to the middle, so that there is something in it.
    fn circle(self, places: &[PlacePicture]) -> Circle {
        let off = |place: &PlacePicture| {
            wrapped(place.longitude - self.longitude).abs() * self.narrow
                + (place.latitude - self.latitude).abs()
        };
        let nearest = places.iter().min_by(|one, other| off(one).total_cmp(&off(other)));
        let (longitude, latitude) =
            nearest.map_or((self.longitude, self.latitude), |place| (place.longitude, place.latitude));
        circle(longitude, latitude, HEIGHT / 4.0 / self.scale * DEGREE / 1000.0)
    }

    /// Where the middle of a circle is in the drawing: once, and again a whole turn away where that reaches in, too.
    fn middles(self, circle: Circle) -> impl Iterator<Item = (f64, f64)> {
        let ((x, y), (rx, _)) = (self.point(circle.longitude, circle.latitude), self.radii(circle));
        let turn = TURN * self.narrow * self.scale;
        let others = [x - turn, x + turn].into_iter().filter(move |x| x + rx > 0.0 && x - rx < WIDTH);
        std::iter::once(x).chain(others).map(move |x| (x, y))
    }

    /// How wide and how high a circle is in the drawing.
    fn radii(self, circle: Circle) -> (f64, f64) {
        let up = circle.radius / DEGREE * self.scale;
        let narrow = circle.latitude.to_radians().cos().max(0.05);
        (up * self.narrow / narrow, up)
    }
}

/// A longitude, or the way from one to another, by the shorter side of the globe.
fn wrapped(longitude: f64) -> f64 {
    if longitude.abs() <= LONGITUDE {
        longitude
    } else {
        (longitude + LONGITUDE).rem_euclid(TURN) - LONGITUDE
    }
}

/// The shortest stretch that holds all longitudes; one over the antimeridian ends beyond it.
fn span(mut all: Vec<f64>) -> (f64, f64) {
    all.sort_by(f64::total_cmp);
    let Some((first, last)) = all.first().copied().zip(all.last().copied()) else { return (0.0, 0.0) };
    // It is the globe without the widest gap.
    let gaps = all.windows(2).filter_map(|pair| Some((*pair.first()?, *pair.last()?)));
    let widest = gaps.max_by(|one, other| (one.1 - one.0).total_cmp(&(other.1 - other.0)));
    match widest {
        Some((west, east)) if east - west > TURN - (last - first) => (east, west + TURN),
        _ => (first, last),
    }
}

/// A circle with figures that one can type, in kilometres, where Redis searches.
fn circle(longitude: f64, latitude: f64, kilometres: f64) -> Circle {
    let short = |value: f64| (value * 10_000.0).round() / 10_000.0;
    Circle {
        longitude: short(wrapped(longitude)),
        latitude: short(latitude.clamp(-LATITUDE, LATITUDE)),
        radius: (kilometres.clamp(0.001, 20_100.0) * 1000.0).round(),
    }
}

fn kilometres(circle: Circle) -> f64 {
    circle.radius / 1000.0
}

#[component(Map)]
pub fn map(PictureProps { scene, picture }: &PictureProps) -> Html {
    let dragging = use_mut_ref(|| false);
    let plot = use_node_ref();
    let places = match &picture.inside {
        Inside::SortedSet(zset) => zset.places.as_ref(),
        _ => None,
    };
    let drawn: &[PlacePicture] = places.map_or(&[], |places| &places.places);
    let projection = Projection::around(drawn);
    let first = projection.circle(drawn);
    {
        let scene = scene.clone();
        use_effect_with(scene.key.clone(), move |_| {
            if scene.glance.circle.is_none() {
                scene.turn(Turn::Search(Some(first)));
            }
        });
    }
    let Some(places) = places else { return Html::default() };
    let around = scene.glance.circle.unwrap_or(first);
    let move_to = {
        let (scene, plot) = (scene.clone(), plot.clone());
        move |event: &PointerEvent| {
            let Some(plot) = plot.cast::<Element>() else { return };
            let frame = plot.get_bounding_client_rect();
            let units = WIDTH / frame.width().max(1.0);
            let (x, y) =
                (f64::from(event.client_x()) - frame.left(), f64::from(event.client_y()) - frame.top());
            let (longitude, latitude) = projection.degrees(x * units, y * units);
            scene.turn(Turn::Search(Some(circle(longitude, latitude, kilometres(around)))));
        }
    };
    let onpointerdown = {
        let (dragging, move_to) = (dragging.clone(), move_to.clone());
        Callback::from(move |event: PointerEvent| {
            dragging.replace(true);
            move_to(&event);
        })
    };
    let onpointermove = {
        let dragging = dragging.clone();
        Callback::from(move |event: PointerEvent| {
            // A button that was let go outside is not down any more.
            if *dragging.borrow() && event.buttons() == 1 {
                move_to(&event);
            }
        })
    };
    let onpointerup = Callback::from(move |_: PointerEvent| {
        dragging.replace(false);
    });
    let onkeydown = {
        let scene = scene.clone();
        Callback::from(move |event: KeyboardEvent| {
            if let Some(to) = target(&event.key(), around, projection) {
                event.prevent_default();
                scene.turn(Turn::Search(Some(to)));
            }
        })
    };
    let (rx, ry) = projection.radii(around);
    let label = format!(
        "Map of {}: arrows move the circle, plus and minus change its radius",
        format::counted(picture.summary.len, "place", "places")
    );
    html! {
        <div class="ins-map">
            <svg ref={plot} class="ins-map__plot" viewBox={format!("0 0 {WIDTH} {HEIGHT}")} tabindex="0" role="group" aria-label={label}
                {onpointerdown} {onpointermove} {onpointerup} {onkeydown}>
                { for projection.middles(around).map(|(x, y)| html! {
                    <>
                        <ellipse class="ins-map__circle" cx={format!("{x:.1}")} cy={format!("{y:.1}")} rx={format!("{rx:.1}")} ry={format!("{ry:.1}")} />
                        <path class="ins-map__middle" d={format!("M{:.1} {y:.1}h8M{x:.1} {:.1}v8", x - 4.0, y - 4.0)} />
                    </>
                }) }
                { for places.places.iter().map(|place| dot(place, projection, places.places.len() <= NAMED)) }
            </svg>
            { words(picture.summary.len, places) }
            <Search scene={scene.clone()} circle={around} />
            { found(scene, places, around) }
            <Form scene={scene.clone()} fields={vec!["Longitude", "Latitude", "Member"]} verbs={vec![Verb {
                word: "GEOADD",
                slots: vec!["GEOADD".into(), (&*scene.key).into(), Slot::Field(0), Slot::Field(1), Slot::Field(2)],
            }]} />
        </div>
    }
}

/// Where the keyboard brings the circle.
fn target(key: &str, around: Circle, projection: Projection) -> Option<Circle> {
    let step = 12.0 / projection.scale;
    let (longitude, latitude, km) = (around.longitude, around.latitude, kilometres(around));
    Some(match key {
        "ArrowLeft" => circle(longitude - step / projection.narrow, latitude, km),
        "ArrowRight" => circle(longitude + step / projection.narrow, latitude, km),
        "ArrowUp" => circle(longitude, latitude + step, km),
        "ArrowDown" => circle(longitude, latitude - step, km),
        "+" | "=" => circle(longitude, latitude, km * 1.25),
        "-" => circle(longitude, latitude, km / 1.25),
        _ => return None,
    })
}

fn dot(place: &PlacePicture, projection: Projection, named: bool) -> Html {
    let (x, y) = projection.point(place.longitude, place.latitude);
    let name = short_label(&place.member);
    let title = format!("{name}: {:.6}, {:.6}", place.longitude, place.latitude);
    html! {
        <g class="ins-map__place" data-hit={place.hit.to_string()}>
            if place.hit {
                <circle cx={format!("{x:.1}")} cy={format!("{y:.1}")} r="5"><title>{ title }</title></circle>
            } else {
                <circle cx={format!("{x:.1}")} cy={format!("{y:.1}")} r="3.5"><title>{ title }</title></circle>
            }
            if named { <text x={format!("{:.1}", x + 8.0)} y={format!("{:.1}", y + 4.0)}>{ name }</text> }
        </g>
    }
}

fn words(len: usize, places: &PlacesPicture) -> Html {
    let shown = places.places.len();
    html! {
        <p class="ins-note">
            if shown < len { { format!("{} of {} places are drawn, evenly chosen. ", format::count(shown), format::count(len)) } }
            if !places.likely { { "Some scores are so low that they may be something other than places. " } }
            { "Redis keeps no note that a sorted set is a map: any whole score of up to 52 bits reads as a place." }
        </p>
    }
}

#[derive(Debug, Properties, PartialEq)]
struct SearchProps {
    scene: Scene,
    circle: Circle,
}

/// The circle in figures.
#[component(Search)]
fn search(SearchProps { scene, circle: around }: &SearchProps) -> Html {
    let fields = [use_node_ref(), use_node_ref(), use_node_ref()];
    {
        // Shows where the circle is, whoever moved it; what is being typed stays until then.
        let fields = fields.clone();
        use_effect_with(*around, move |around| {
            let values = [around.longitude, around.latitude, kilometres(*around)];
            for (field, value) in fields.iter().zip(values) {
                if let Some(input) = field.cast::<HtmlInputElement>() {
                    input.set_value(&value.to_string());
                }
            }
        });
    }
    let onsubmit = {
        let (scene, fields) = (scene.clone(), fields.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let values: Option<Vec<f64>> = fields
                .iter()
                .map(|field| field.cast::<HtmlInputElement>()?.value().trim().parse().ok())
                .collect();
            if let Some(&[longitude, latitude, km]) = values.as_deref()
                && [longitude, latitude, km].iter().all(|value| value.is_finite())
            {
                scene.turn(Turn::Search(Some(circle(longitude, latitude, km))));
            }
        })
    };
    let onkeydown = Callback::from(|event: KeyboardEvent| event.stop_propagation());
    let [longitude, latitude, radius] = fields;
    let field = |name: &'static str, node: NodeRef| {
        html! {
            <label class="ins-map__field"><span>{ name }</span>
                <input ref={node} class="field" inputmode="decimal" autocomplete="off" spellcheck="false" required=true /></label>
        }
    };
    html! {
        <form class="ins-form ins-map__search" {onsubmit} {onkeydown}>
            { field("Longitude", longitude) }
            { field("Latitude", latitude) }
            { field("Radius, km", radius) }
            <button class="button" type="submit">{ "Search" }</button>
        </form>
    }
}

fn found(scene: &Scene, places: &PlacesPicture, around: Circle) -> Html {
    let line = super::command::line([
        b"GEOSEARCH".as_slice(),
        &scene.key,
        b"FROMLONLAT",
        around.longitude.to_string().as_bytes(),
        around.latitude.to_string().as_bytes(),
        b"BYRADIUS",
        kilometres(around).to_string().as_bytes(),
        b"km",
        b"ASC",
        b"WITHDIST",
    ]);
    let (count, more) = (places.found.len(), if places.more { "more than " } else { "" });
    html! {
        <>
            <p class="ins-map__found" role="status">{ format!("{more}{} within {} km", format::counted(count, "place", "places"), kilometres(around)) }</p>
            { run_button(scene, line) }
            <Roving>
                <ol class="ins-map__list">
                    { for places.found.iter().take(LISTED).map(|found| html! {
                        <li><bdi>{ short_label(&found.member) }</bdi><span class="ins-map__distance">{ format!("{:.4} km", found.distance / 1000.0) }</span></li>
                    }) }
                </ol>
            </Roving>
        </>
    }
}

#[cfg(test)]
mod tests {
    use playground_engine::picture::Piece;

    use super::*;

    fn place(longitude: f64, latitude: f64) -> PlacePicture {
        PlacePicture { member: Piece::from(&b"p"[..]), longitude, latitude, hit: false }
    }

    #[test]
    fn places_lie_inside_the_plot_and_points_lead_back_to_them() {
        for places in [
            vec![place(13.36, 38.11), place(15.08, 37.5)],
            vec![place(0.0, 0.0)],
            vec![place(-180.0, -85.05), place(180.0, 85.05)],
            vec![place(10.0, 85.05)],
            vec![place(178.4, -18.1), place(-171.8, -13.8), place(-175.2, -21.1)],
            vec![],
        ] {
            let projection = Projection::around(&places);
            for place in &places {
                let (x, y) = projection.point(place.longitude, place.latitude);
                assert!((0.0..=WIDTH).contains(&x) && (0.0..=HEIGHT).contains(&y), "{place:?}: {x} {y}");
                let (longitude, latitude) = projection.degrees(x, y);
                assert!(
                    wrapped(longitude - place.longitude).abs() < 1e-9
                        && (latitude - place.latitude).abs() < 1e-9
                );
            }
            let circle = projection.circle(&places);
            let (rx, ry) = projection.radii(circle);
            assert!(rx.is_finite() && ry.is_finite() && circle.radius > 0.0);
        }
    }

    #[test]
    fn places_on_both_sides_of_the_antimeridian_are_neighbours() {
        let (fiji, samoa) = (place(178.4, -18.1), place(-171.8, -13.8));
        let projection = Projection::around(&[fiji.clone(), samoa.clone()]);
        let (west, east) =
            (projection.point(fiji.longitude, 0.0).0, projection.point(samoa.longitude, 0.0).0);
        assert!(east - west > WIDTH / 3.0, "they fill the picture, {west} west of {east}");
        let step = target("ArrowRight", circle(179.9, 0.0, 100.0), projection).expect("it moves");
        assert!((-180.0..-178.0).contains(&step.longitude), "{step:?}");
        assert_eq!(span(vec![-170.0, 10.0, 175.0, 20.0]), (10.0, 190.0));
        assert_eq!(span(vec![-179.0, 0.0, 90.0]), (0.0, 181.0));
        assert_eq!((span(vec![5.0]), span(vec![])), ((5.0, 5.0), (0.0, 0.0)));
        // A picture of half the globe shows a circle at both of its ends.
        let wide = Projection::around(&[place(-100.0, 0.0), place(0.0, 0.0), place(100.0, 0.0)]);
        let across = Circle { longitude: 175.0, latitude: 0.0, radius: 8_000_000.0 };
        assert_eq!(
            (wide.middles(across).count(), projection.middles(circle(179.0, 0.0, 50.0)).count()),
            (2, 1)
        );
    }

    #[test]
    fn the_keyboard_moves_the_circle_within_the_world() {
        let places = [place(179.0, 84.0)];
        let projection = Projection::around(&places);
        let mut around = projection.circle(&places);
        for _ in 0..10_000 {
            around = target("ArrowRight", around, projection).expect("it moves");
            around = target("ArrowUp", around, projection).expect("it moves");
        }
        assert!(around.longitude <= 180.0 && around.latitude <= 85.0512, "{around:?}");
        for _ in 0..200 {
            around = target("+", around, projection).expect("it grows");
        }
        assert!(around.radius <= 20_100_000.0);
        assert_eq!(target("x", around, projection), None);
    }
}
