// SPDX-License-Identifier: Apache-2.0

extension NewConnector {
    /// The tests, by name; each shows one thing that a source does sooner or later.
    var tests: [(name: String, text: String)] {
        Self.windowTests + (signIn == .oauth2 ? Self.tokenTests : [])
            + [("answers", signIn == .oauth2 ? Self.tokenAnswers : Self.headerAnswers)]
    }

    private static let windowTests: [(name: String, text: String)] = [
        (
            "happy",
            #"""
            {
              "name": "Events are collected and each is kept once",
              "kind": "stream",
              "given": {
                "now": "2026-11-21T12:00:00Z",
                "credentials": «credentials»,
                "passes": 2,
                "every": "PT15M"
              },
              "http": [
                {
                  "expect": { "service": "api", "path": "/v1/organisations/contoso/events" },
                  "reply": { "json": [{ "id": "1", "time": "2026-11-21T12:03:00Z", "actor": "ana@contoso.example", "action": "login" }, { "id": "2", "time": "2026-11-21T12:04:00Z", "actor": "ana@contoso.example", "action": "login" }] },
                  "pass": 2
                },
                {
                  "expect": { "service": "api", "path": "/v1/organisations/contoso/events" },
                  "reply": { "json": [] },
                  "times": "any"
                }
              ],
              "then": {
                "records": { "events": 2 },
                "states": { "events": "active" },
                "gaps": [],
                "caughtUpTo": { "events": "2026-11-21T12:13:00Z" }
              }
            }
            """#
        ),
        (
            "empty",
            #"""
            {
              "name": "An empty list is no event, no trouble and no success",
              "kind": "stream",
              "given": {
                "now": "2026-11-21T12:00:00Z",
                "credentials": «credentials»,
                "passes": 2,
                "every": "PT15M"
              },
              "http": [
                {
                  "expect": { "service": "api", "path": "/v1/organisations/contoso/events" },
                  "reply": { "json": [] },
                  "times": "some"
                }
              ],
              "then": {
                "records": { "events": 0 },
                "states": { "events": "pending" },
                "gaps": []
              }
            }
            """#
        ),
        (
            "two-pages",
            #"""
            {
              "name": "The next page is followed",
              "kind": "stream",
              "given": {
                "now": "2026-11-21T12:00:00Z",
                "credentials": «credentials»,
                "passes": 2,
                "every": "PT15M"
              },
              "http": [
                {
                  "expect": { "service": "api", "path": "/v1/organisations/contoso/events", "query": { "page": "2" } },
                  "reply": { "json": [{ "id": "2", "time": "2026-11-21T12:04:00Z", "actor": "ana@contoso.example", "action": "login" }] },
                  "pass": 2
                },
                {
                  "expect": { "service": "api", "path": "/v1/organisations/contoso/events" },
                  "reply": { "headers": { "Link": "<https://api.example.com/v1/organisations/contoso/events?page=2>; rel=\"next\"" }, "json": [{ "id": "1", "time": "2026-11-21T12:03:00Z", "actor": "ana@contoso.example", "action": "login" }] },
                  "pass": 2
                },
                {
                  "expect": { "service": "api", "path": "/v1/organisations/contoso/events" },
                  "reply": { "json": [] },
                  "times": "any"
                }
              ],
              "then": {
                "records": { "events": 2 },
                "states": { "events": "active" },
                "gaps": []
              }
            }
            """#
        ),
        (
            "page-loop",
            #"""
            {
              "name": "A next page that leads back is noticed, and what came before it is kept",
              "kind": "stream",
              "given": {
                "now": "2026-11-21T12:00:00Z",
                "credentials": «credentials»,
                "passes": 2,
                "every": "PT3M"
              },
              "http": [
                {
                  "expect": { "service": "api", "path": "/v1/organisations/contoso/events" },
                  "reply": { "headers": { "Link": "<https://api.example.com/v1/organisations/contoso/events?page=2>; rel=\"next\"" }, "json": [{ "id": "1", "time": "2026-11-21T12:00:30Z", "actor": "ana@contoso.example", "action": "login" }] },
                  "times": "some",
                  "pass": 2
                },
                {
                  "expect": { "service": "api", "path": "/v1/organisations/contoso/events" },
                  "reply": { "json": [] },
                  "times": "any"
                }
              ],
              "then": {
                "records": { "events": 1 },
                "gaps": [{ "stream": "events", "kind": "span", "cause": "loop" }]
              }
            }
            """#
        ),
        (
            "throttled",
            #"""
            {
              "name": "A request to wait is obeyed",
              "kind": "stream",
              "given": {
                "now": "2026-11-21T12:00:00Z",
                "credentials": «credentials»,
                "passes": 2,
                "every": "PT15M"
              },
              "http": [
                {
                  "expect": { "service": "api", "path": "/v1/organisations/contoso/events" },
                  "reply": { "status": 429, "headers": { "Retry-After": "20" }, "json": { "error": { "code": "slow_down" } } },
                  "pass": 2
                },
                {
                  "expect": { "service": "api", "path": "/v1/organisations/contoso/events" },
                  "reply": { "json": [{ "id": "1", "time": "2026-11-21T12:03:00Z", "actor": "ana@contoso.example", "action": "login" }] },
                  "pass": 2
                },
                {
                  "expect": { "service": "api", "path": "/v1/organisations/contoso/events" },
                  "reply": { "json": [] },
                  "times": "any"
                }
              ],
              "then": {
                "records": { "events": 1 },
                "states": { "events": "active" },
                "waited": "PT20S"
              }
            }
            """#
        ),
        (
            "not-json",
            #"""
            {
              "name": "A page that is no JSON is asked for again, never taken for an empty one",
              "kind": "stream",
              "given": {
                "now": "2026-11-21T12:00:00Z",
                "credentials": «credentials»,
                "passes": 2,
                "every": "PT15M"
              },
              "http": [
                {
                  "expect": { "service": "api", "path": "/v1/organisations/contoso/events" },
                  "reply": { "text": "<html>Please sign in</html>" },
                  "pass": 2
                },
                {
                  "expect": { "service": "api", "path": "/v1/organisations/contoso/events" },
                  "reply": { "json": [{ "id": "1", "time": "2026-11-21T12:03:00Z", "actor": "ana@contoso.example", "action": "login" }] },
                  "pass": 2
                },
                {
                  "expect": { "service": "api", "path": "/v1/organisations/contoso/events" },
                  "reply": { "json": [] },
                  "times": "any"
                }
              ],
              "then": {
                "records": { "events": 1 },
                "states": { "events": "active" }
              }
            }
            """#
        ),
        (
            "foreign-next-page",
            #"""
            {
              "name": "A next page at another host gets no token and is said",
              "kind": "stream",
              "given": {
                "now": "2026-11-21T12:00:00Z",
                "credentials": «credentials»,
                "passes": 2,
                "every": "PT15M"
              },
              "http": [
                {
                  "expect": { "service": "api", "path": "/v1/organisations/contoso/events" },
                  "reply": { "headers": { "Link": "<https://elsewhere.example.net/v1/events?page=2>; rel=\"next\"" }, "json": [{ "id": "1", "time": "2026-11-21T12:03:00Z", "actor": "ana@contoso.example", "action": "login" }] },
                  "times": "some",
                  "pass": 2
                },
                {
                  "expect": { "service": "api", "path": "/v1/organisations/contoso/events" },
                  "reply": { "json": [] },
                  "times": "any"
                }
              ],
              "then": {
                "class": "shape"
              }
            }
            """#
        ),
        (
            "longer-away",
            #"""
            {
              "name": "What fell out of the retention while nobody collected is a gap",
              "kind": "stream",
              "given": {
                "now": "2026-11-21T12:00:00Z",
                "credentials": «credentials»,
                "passes": 2,
                "every": "P40D"
              },
              "http": [
                {
                  "expect": { "service": "api", "path": "/v1/organisations/contoso/events" },
                  "reply": { "json": [] },
                  "times": "some"
                }
              ],
              "then": {
                "gaps": [{ "stream": "events", "kind": "span" }]
              }
            }
            """#
        ),
        (
            "probe",
            #"""
            {
              "name": "The connection test reads a page",
              "kind": "probe",
              "given": {
                "now": "2026-11-21T12:00:00Z",
                "credentials": «credentials»,
                "passes": 1,
                "every": "PT5M"
              },
              "http": [
                {
                  "expect": { "service": "api", "path": "/v1/organisations/contoso/events" },
                  "reply": { "json": [{ "id": "1", "time": "2026-11-21T11:03:00Z", "actor": "ana@contoso.example", "action": "login" }] }
                }
              ],
              "then": { "steps": { "form": "pass", "reach": "pass", "read/events": "pass" } }
            }
            """#
        ),
    ]

    private static let tokenTests: [(name: String, text: String)] = [
        (
            "token-expires",
            #"""
            {
              "name": "A token that ends under way is renewed once",
              "kind": "stream",
              "given": {
                "now": "2026-11-21T12:00:00Z",
                "credentials": «credentials»,
                "passes": 2,
                "every": "PT15M"
              },
              "http": [
                {
                  "expect": { "service": "api", "path": "/v1/organisations/contoso/events" },
                  "reply": { "status": 401, "json": { "error": { "code": "expired" } } },
                  "pass": 2
                },
                {
                  "expect": { "service": "api", "path": "/v1/organisations/contoso/events" },
                  "reply": { "json": [{ "id": "1", "time": "2026-11-21T12:03:00Z", "actor": "ana@contoso.example", "action": "login" }] },
                  "pass": 2
                },
                {
                  "expect": { "service": "api", "path": "/v1/organisations/contoso/events" },
                  "reply": { "json": [] },
                  "times": "any"
                }
              ],
              "then": {
                "records": { "events": 1 },
                "states": { "events": "active" }
              }
            }
            """#
        )
    ]

    private static let tokenAnswers = #"""
        {
          "name": "Every answer that Example is known to give is taken for what it is",
          "kind": "classify",
          "answers": [
            {
              "answer": { "service": "login", "step": "token", "status": 401, "json": { "error": "invalid_client" } },
              "expect": { "rule": "secret-refused", "class": "auth", "action": "block-connection" }
            },
            {
              "answer": { "service": "api", "step": "list", "status": 401, "json": { "error": { "code": "expired" } } },
              "expect": { "rule": "token-refused", "class": "auth", "action": "refresh-token" }
            },
            {
              "answer": { "service": "api", "step": "list", "status": 403, "json": { "error": { "code": "scope" } } },
              "expect": { "rule": "not-allowed", "class": "permission", "action": "block-stream" }
            },
            {
              "answer": { "service": "api", "step": "list", "status": 404, "json": { "error": { "code": "no_such_organisation" } } },
              "expect": { "rule": "unknown-organisation", "class": "config", "action": "block-connection" }
            },
            {
              "answer": { "service": "api", "step": "list", "status": 429, "headers": { "Retry-After": "20" }, "json": { "error": { "code": "slow_down" } } },
              "expect": { "rule": "throttled", "class": "throttle", "action": "wait" }
            }
          ]
        }
        """#

    private static let headerAnswers = #"""
        {
          "name": "Every answer that Example is known to give is taken for what it is",
          "kind": "classify",
          "answers": [
            {
              "answer": { "service": "api", "step": "list", "status": 401, "json": { "error": { "code": "bad_token" } } },
              "expect": { "rule": "token-refused", "class": "auth", "action": "block-connection" }
            },
            {
              "answer": { "service": "api", "step": "list", "status": 403, "json": { "error": { "code": "scope" } } },
              "expect": { "rule": "not-allowed", "class": "permission", "action": "block-stream" }
            },
            {
              "answer": { "service": "api", "step": "list", "status": 404, "json": { "error": { "code": "no_such_organisation" } } },
              "expect": { "rule": "unknown-organisation", "class": "config", "action": "block-connection" }
            },
            {
              "answer": { "service": "api", "step": "list", "status": 429, "headers": { "Retry-After": "20" }, "json": { "error": { "code": "slow_down" } } },
              "expect": { "rule": "throttled", "class": "throttle", "action": "wait" }
            }
          ]
        }
        """#
}
