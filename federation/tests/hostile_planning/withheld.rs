//! What cannot be had for a caller is told with what would open a way to it: the same is asked again
//! for many sets of scopes, within a share of the steps that costs no answer.

use std::sync::Arc;

use bytes::Bytes;
use federation::{
    error::{Origin, SubgraphError},
    execute::{Answer, Transport},
    gateway::{Gateway, Options},
    grants::Grants,
    plan::MAX_WORK,
    query_plan::Fetch,
    request::Request,
    response::Response,
};

use super::{
    ALLOCATOR, alone, families,
    graph::Graph,
    growth::{BYTES, BYTES_A_STEP},
};

/// Answers nothing.
#[derive(Debug)]
struct Silent;

impl Transport for Silent {
    type Caller = ();
    type Receipt = ();

    async fn fetch(&self, _: &Fetch, _: Bytes, (): &()) -> Result<(Answer, ()), SubgraphError> {
        let answer = Answer::Json(Bytes::from_static(b"{\"data\":{\"item\":null}}"));
        Ok((answer, ()))
    }
}

struct Asked {
    gateway: Gateway<Silent>,
    request: Request,
}

impl Asked {
    /// Many objects with a field behind a key whose parts need a scope each.
    fn new(scopes: usize, aliases: usize, planning_work: u64) -> Self {
        let graph = Graph::new(&families::closed_keys_of_many(scopes));
        let options = Options {
            planning_work,
            ..Options::default()
        };
        let request = Request {
            query: families::behind_closed_keys_of_many(aliases),
            ..Request::default()
        };
        Self {
            gateway: Gateway::new(graph.supergraph, Arc::new(Silent), options).unwrap(),
            request,
        }
    }

    /// The answer to a caller without scopes, and the bytes at the peak over those before.
    fn respond(&self) -> (Response, usize) {
        let runtime = tokio::runtime::Builder::new_current_thread().build();
        let runtime = runtime.unwrap();
        let before = ALLOCATOR.current_usage();
        ALLOCATOR.reset_peak_usage();
        let grants = Grants::default();
        let response = runtime.block_on(self.gateway.respond(&self.request, &grants, &()));
        (response, ALLOCATOR.peak_usage().saturating_sub(before))
    }
}

/// The steps with which such a request is answered, to some percent, with the bytes at the peak.
/// With fewer it is refused.
fn enough(scopes: usize, aliases: usize) -> (u64, usize) {
    let (mut refused, mut answered) = (0, MAX_WORK);
    let mut held = 0;
    while answered - refused > answered / 16 {
        let work = refused.midpoint(answered);
        let (response, peak) = Asked::new(scopes, aliases, work).respond();
        if response.data.is_some() {
            assert_eq!(response.withheld.len(), aliases);
            (answered, held) = (work, peak);
        } else {
            let Origin::Request(code) = response.errors[0].origin else {
                panic!("{:?}", response.errors)
            };
            assert_eq!(code, "QUERY_PLAN_COMPLEXITY_EXCEEDED");
            let most = BYTES + BYTES_A_STEP * work;
            assert!(peak as u64 <= most, "{peak} bytes of {most}");
            refused = work;
        }
    }
    println!("{scopes} scopes, {aliases} aliases: {answered} steps, {held} bytes");
    (answered, held)
}

#[test]
fn finding_ways_costs_no_answer_and_the_rest_grows_with_the_operation() {
    let _alone = alone();
    let once = enough(1, 20).0;
    let (small, _) = enough(12, 20);
    // Sixty-five sets of the twelve scopes are asked for, as far as the share goes.
    assert!(small < 3 * once, "{small} steps, {once} with one scope");
    let (large, peak) = enough(12, 80);
    assert!(large < 5 * small, "{large} steps for 80, {small} for 20");
    let most = BYTES + BYTES_A_STEP * large;
    assert!(peak as u64 <= most, "{peak} bytes of {most}");
}

#[test]
fn what_would_open_the_way_is_told() {
    let _alone = alone();
    let (response, _) = Asked::new(3, 2, MAX_WORK).respond();
    let told = response
        .withheld
        .iter()
        .map(|one| (one.path.join("."), one.scopes.clone()));
    let all = vec![vec!["s0".to_owned(), "s1".to_owned(), "s2".to_owned()]];
    let expected = ["item.n0.x", "item.n1.x"].map(|path| (path.to_owned(), all.clone()));
    assert_eq!(told.collect::<Vec<_>>(), expected);
}
