// SPDX-License-Identifier: Apache-2.0

extension NewConnector {
    /// The definition, with marks where the ways to sign in and the kinds of cursor differ.
    static let definition = #"""
        {
          "headgate": 1,
          "id": "«id»",
          "version": "1.0.0",
          "title": "Example audit events",
          "publisher": "Example Ltd",
          "summary": "Collects the audit events of an organisation at Example.",
          "tier": "silver",
          "docs": {
            "api": "https://docs.example.com/api/audit",
            "errors": "https://docs.example.com/api/errors"
          },
          "knownLimits": ["Example keeps events for 30 days."],
          "hosts": [«hosts»],
          "credentials": [
            {
              "name": "organisation",
              "type": "text",
              "label": "Organisation",
              "help": "The short name of the organisation at Example.",
              "where": "Example > Settings > General",
              "example": "contoso",
              "required": true,
              "normalise": ["clean", "lower"]
            },
        «fields»
          ],
          "identity": ["organisation"],
          "services": {
        «services»
          },
          "auth": {
        «auth»
          },
          "permissions": [
            {
              "value": "audit.read",
              "id": "audit.read",
              "resource": "Example API",
              "resourceAppId": "example",
              "service": "api",
              "why": "Reads the organisation's audit events and nothing else."
            }
          ],
          "quotas": [{ "id": "«id»", "requests": 60, "per": "PT1M", "scope": ["registration"] }],
          "limits": { "timeout": "PT30S", "concurrency": 4 },
          "dedupe": { "onChange": "drop" },
          "health": {
            "interval": "PT5M",
            "latency": { "typical": "PT5M", "max": "PT1H" },
            "firstDataBy": "P1D",
            "lateAfter": "PT30M",
            "failAfter": "PT2H"
          },
          "streams": [
        «stream»
          ],
          "probe": [
            {
              "id": "form",
              "kind": "offline",
              "title": "What was entered has the right form",
              "stage": "Configuration",
              "remedy": "correct-entry"
            },
            {
              "id": "reach",
              "kind": "network",
              "title": "Example can be reached",
              "stage": "Network"
            },
        «steps»    {
              "id": "read",
              "kind": "first-page",
              "title": "Events can be read",
              "stage": "Fetch logs",
              "needs": ["«lastStep»"]
            }
          ],
          "errors": [
        «errors»    {
              "id": "not-allowed",
              "match": { "service": ["api"], "status": [403] },
              "class": "permission",
              "action": "block-stream",
              "remedy": "grant-permission",
              "say": "The credential may not read audit events."
            },
            {
              "id": "unknown-organisation",
              "match": { "service": ["api"], "status": [404], "code": ["no_such_organisation"] },
              "class": "config",
              "action": "block-connection",
              "remedy": "correct-entry",
              "say": "Example does not know this organisation."
            },
            {
              "id": "throttled",
              "match": { "status": [429] },
              "class": "throttle",
              "action": "wait",
              "wait": { "header": "Retry-After", "else": "PT1M", "cap": "PT15M" },
              "say": "Example asks for fewer requests."
            }
          ],
          "remedies": {
            "correct-entry": {
              "title": "Correct what was entered",
              "cause": "A value of the form is wrong.",
              "steps": ["Read which value is named.", "Copy it again from Example > Settings > General.", "Enter it again."],
              "who": "whoever sets up this connection",
              "where": "https://app.example.com/settings",
              "takes": "a minute",
              "next": "headgate connection add --answers FILE"
            },
            "renew-credential": {
              "title": "Make a new credential",
              "cause": "Example does not accept the credential: it was withdrawn, has ended, or was copied in part.",
              "steps": ["Make a new one with the scope audit.read.", "Enter it by adding the connection again."],
              "who": "an owner of the organisation at Example",
              "where": "https://app.example.com/settings/api",
              "takes": "a few minutes",
              "next": "headgate connection add --answers FILE --secret-file FILE"
            },
            "grant-permission": {
              "title": "Grant the scope audit.read",
              "cause": "The credential was made without the scope that reading audit events takes.",
              "steps": ["Open the credential at Example.", "Add the scope audit.read."],
              "who": "an owner of the organisation at Example",
              "where": "https://app.example.com/settings/api",
              "takes": "a few minutes",
              "next": "headgate test {{ connection.path }}"
            }
          },
          "tests": "tests"
        }
        """#
}
