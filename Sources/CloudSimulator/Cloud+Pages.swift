// SPDX-License-Identifier: Apache-2.0
import HTTPServer

/// The few pages that people would see in a browser.
extension Cloud {
    /// A page with a heading and what stands below it, which is HTML already.
    func page(_ heading: String, _ below: String, status: Int = 200) -> Response {
        let text =
            "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>\(markup(heading))</title></head>"
            + "<body><h1>\(markup(heading))</h1>\(below)</body></html>\n"
        return Response(
            status: status,
            headers: [("Content-Type", "text/html; charset=utf-8"), ("Cache-Control", "no-store")],
            body: Array(text.utf8)
        )
    }

    /// Text as it may stand in a page.
    func markup(_ text: String) -> String {
        var out = ""
        for character in text {
            switch character {
            case "<": out += "&lt;"
            case ">": out += "&gt;"
            case "&": out += "&amp;"
            case "\"": out += "&quot;"
            default: out.append(character)
            }
        }
        return out
    }

    /// The page on which one enters a user code and says yes or no.
    func devicePage(_ call: Call) -> Response {
        let code = call.query("user_code") ?? call.field("user_code") ?? ""
        let doing = (call.query("does") ?? call.field("does")).flatMap(Scenario.SignIn.Doing.init(rawValue:))
        guard !code.isEmpty, let doing else {
            return page(
                "Enter the code",
                "<form><input name=\"user_code\" value=\"\(markup(code))\"> "
                    + "<button name=\"does\" value=\"approve\">Approve</button> "
                    + "<button name=\"does\" value=\"decline\">Decline</button></form>"
            )
        }
        guard devices.decide(code, doing) > 0 else {
            return page("That code did not work", "<p>Check the code and try again.</p>", status: 400)
        }
        return page("Done", "<p>You may close this page and go back to your terminal.</p>")
    }
}
