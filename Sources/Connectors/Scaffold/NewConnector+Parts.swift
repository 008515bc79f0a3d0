// SPDX-License-Identifier: Apache-2.0

extension NewConnector {
    /// What differs where a key goes into a header.
    static let byHeader: [(mark: String, content: String)] = [
        ("hosts", #""api.example.com""#),
        (
            "fields",
            #"""
                {
                  "name": "apiToken",
                  "type": "secret",
                  "label": "API Token",
                  "help": "An API token with the scope audit.read.",
                  "where": "Example > Settings > API",
                  "reject": [{ "shape": "guid", "say": "API Token is a GUID, so it is the token's id; copy the token itself." }]
                }
            """#
        ),
        (
            "services",
            #"""
                "api": {
                  "base": "https://api.example.com",
                  "errorCode": ["/error/code"],
                  "errorMessage": ["/error/message"],
                  "requestId": "X-Request-Id"
                }
            """#
        ),
        (
            "auth",
            #"""
                "kind": "header",
                "credential": ["secret"],
                "header": { "name": "Authorization", "scheme": "Bearer ", "value": "{{ secrets.apiToken }}" }
            """#
        ),
        ("steps", #""#),
        ("lastStep", #"reach"#),
        (
            "errors",
            #"""
                {
                  "id": "token-refused",
                  "match": { "service": ["api"], "status": [401] },
                  "class": "auth",
                  "action": "block-connection",
                  "remedy": "renew-credential",
                  "say": "Example does not accept the API token."
                },

            """#
        ),
        ("credentials", #"{ "organisation": "contoso" }"#),
    ]

    /// What differs where tokens are asked for.
    static let byToken: [(mark: String, content: String)] = [
        ("hosts", #""api.example.com", "login.example.com""#),
        (
            "fields",
            #"""
                {
                  "name": "clientKey",
                  "type": "text",
                  "label": "Client Key",
                  "help": "The id of the application at Example.",
                  "where": "Example > Settings > API",
                  "example": "app-4711",
                  "required": true,
                  "normalise": ["clean"]
                },
                {
                  "name": "clientSecret",
                  "type": "secret",
                  "label": "Secret Key",
                  "help": "The application's secret.",
                  "where": "Example > Settings > API"
                }
            """#
        ),
        (
            "services",
            #"""
                "login": {
                  "base": "https://login.example.com",
                  "errorCode": ["/error"],
                  "errorMessage": ["/error_description"]
                },
                "api": {
                  "base": "https://api.example.com",
                  "audience": "https://api.example.com",
                  "errorCode": ["/error/code"],
                  "errorMessage": ["/error/message"],
                  "requestId": "X-Request-Id"
                }
            """#
        ),
        (
            "auth",
            #"""
                "kind": "oauth2-client-credentials",
                "credential": ["secret"],
                "token": {
                  "service": "login",
                  "method": "POST",
                  "path": "/oauth2/token",
                  "form": {
                    "grant_type": "client_credentials",
                    "client_id": "{{ credentials.clientKey }}",
                    "audience": "{{ audience }}",
                    "scope": "audit.read"
                  },
                  "authorised": false
                },
                "refreshBefore": "PT5M"
            """#
        ),
        (
            "steps",
            #"""
                {
                  "id": "token",
                  "kind": "token",
                  "title": "The application gets a token",
                  "stage": "Authentication",
                  "needs": ["form", "reach"]
                },

            """#
        ),
        ("lastStep", #"token"#),
        (
            "errors",
            #"""
                {
                  "id": "secret-refused",
                  "match": { "service": ["login"], "code": ["invalid_client"] },
                  "class": "auth",
                  "action": "block-connection",
                  "remedy": "renew-credential",
                  "say": "Example does not accept the application's secret."
                },
                {
                  "id": "token-refused",
                  "match": { "service": ["api"], "status": [401] },
                  "class": "auth",
                  "action": "refresh-token",
                  "remedy": "renew-credential",
                  "say": "Example does not accept the token."
                },

            """#
        ),
        ("credentials", #"{ "organisation": "contoso", "clientKey": "app-4711" }"#),
    ]

    /// A stream by spans of time.
    static let windows = #"""
            {
              "id": "events",
              "title": "Audit events",
              "summary": "Who did what in the organisation.",
              "neededPermissions": ["audit.read"],
              "list": {
                "request": {
                  "service": "api",
                  "path": "/v1/organisations/{{ credentials.organisation }}/events",
                  "query": {
                    "from": "{{ window.start | date('isoZ') }}",
                    "to": "{{ window.end | date('isoZ') }}",
                    "limit": "100"
                  },
                  "quota": ["«id»"]
                },
                "items": "",
                "expect": "array"
              },
              "paging": { "kind": "linkHeader", "rel": "next", "maxPages": 100 },
              "cursor": {
                "kind": "window",
                "clock": "event",
                "bounds": "halfOpen",
                "step": { "max": "P1D", "min": "PT1M" },
                "settle": "PT2M",
                "overlap": "PT10M",
                "initial": "P7D"
              },
              "key": ["id"],
              "time": { "event": "time" },
              "retention": [{ "value": "P30D" }]
            }
        """#
}
