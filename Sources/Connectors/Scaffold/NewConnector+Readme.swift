// SPDX-License-Identifier: Apache-2.0

extension NewConnector {
    /// The README: what to change, part by part, since the definition itself can hold no comments.
    static let readme = #"""
        # «id»

        A connector to begin with. The service in it, Example, does not exist; put yours in its place, part by part, and
        keep the two commands running beside it:

            headgate connector lint «id»
            headgate connector test «id»

        ## The definition, `connector.json`

        | part | what to write |
        |---|---|
        | `title`, `summary`, `docs`, `knownLimits` | what it collects, where that is documented, what a customer should know |
        | `hosts`, `services` | the only addresses that requests go to; a credential never leaves them |
        | `credentials`, `identity` | the form a person fills in; `identity` tells one set-up from another for good |
        | `auth` | how it signs in; `secrets.x` may stand here and nowhere else |
        | `permissions` | the least that is needed, each with the reason |
        | `quotas` | what the service allows; counted for all connections together |
        | `health` | how often to ask, how late records come, when a stream counts as late or failing |
        | `streams` | what to list, how to go from page to page, how to remember how far it has come |
        | `probe` | the connection test: it changes nothing and reads one page of each stream |
        | `errors` | what answers mean, the first rule that fits deciding |
        | `remedies` | what a person does: why, in which steps, who, where, how long it takes |

        ## The stream

        - `list.request.query` asks for one window; `items` points to the records in the answer. An answer of another
          shape is an error, never zero records.
        - `cursor.settle` leaves the newest minutes alone, since records come late; `overlap` asks for some again, and
          `key` drops what is known already.
        - `retention` says how long the source keeps records: what falls out of it while nobody collects is told as a gap.

        ## The tests, `tests/`

        They run offline with a fake clock. `answers.json` shows what each error rule fits; the others show the usual, an
        empty list, a second page, a page loop, a request to wait, a page that is no JSON, a page at a foreign host and
        a long absence. Change the paths and records to your service's; see `headgate connector explain error FILE`
        for an answer that is taken for something else than you think.

        A definition of one's own is used once a person agrees to it: `headgate connector trust «id»`.
        """#
}
