// SPDX-License-Identifier: Apache-2.0
import Basics
import Status

/// What stands around a page of the status: head, answer, time and foot.
package struct PageFrame {
    private let report: StatusReport
    private let sender: String?
    private let way: StatusPage.Way

    init(_ report: StatusReport, sender: String?, way: StatusPage.Way) {
        self.report = report
        self.sender = sender
        self.way = way
    }

    /// What stands between the tags of the page's one style element, for a policy that allows this sheet and no other.
    package static let style = "\n\(PageStyle.sheet.text)\n"

    /// After how many seconds a browser fetches a served page anew.
    private static let renewal = 30

    /// The whole page.
    func page(trouble: Markup?, body: Markup, foot: Markup?) -> String {
        let answer =
            report.host.ledgerIsReadable
            ? Summary(report.customers.flatMap(\.connections)).words : "not known"
        let title = "Collection status" + (sender.map { " - " + $0 } ?? "")
        let moment = Moment(now: report.evaluatedAt)
        let refresh: Markup? =
            way == .file ? nil : "<meta http-equiv=\"refresh\" content=\"\(Self.renewal)\">\n"
        let promise =
            way == .file
            ? "This page does not change by itself." : "The page renews itself every \(Self.renewal) seconds."
        let back: Markup? = way == .servedAlone ? "<p><a href=\"/\">All customers</a></p>\n" : nil
        let page: Markup = """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            \(refresh)<title>\(title): \(answer)</title>
            <style>
            \(PageStyle.sheet)
            </style>
            </head>
            <body>
            <main>
            <header>
            \(back)<h1>\(title)</h1>
            <p class="answer">\(answer)</p>
            <p class="faint">As of <time datetime="\(report.evaluatedAt.description)">\(moment.head())</time>. \(promise)</p>
            \(trouble)
            </header>
            \(body)
            <footer>
            \(foot)
            <p>Headgate \(report.host.version). All times are UTC; a day begins at midnight UTC.</p>
            </footer>
            </main>
            </body>
            </html>

            """
        return page.text
    }
}
