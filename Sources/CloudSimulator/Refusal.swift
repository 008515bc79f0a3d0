// SPDX-License-Identifier: Apache-2.0
import HTTPServer
import JSON

/// An answer that says no.
struct Refusal: Error {
    let response: Response

    /// An error of the feed in its normal shape.
    static func feed(_ status: Int, _ code: String, _ message: String) -> Refusal {
        Refusal(
            response: .feed(["error": ["code": .string(code), "message": .string(message)]], status: status)
        )
    }

    /// The plain answer of a web server that lets nobody pass.
    static var denied: Refusal {
        Refusal(response: .feed(["Message": "Authorization has been denied for this request."], status: 401))
    }

    /// What a tenant without auditing answers: an exception that was cut in two at the wrong place.
    static func auditingOff(
        _ operation: Operation,
        tenant: String,
        app: String,
        type: String,
        publisher: String,
        correlation: String
    ) -> Refusal {
        let code =
            "\(operation.methodName) [CorrId=\(correlation)][TenantId=\(tenant),ContentType=\(type),"
            + "ApplicationId=\(app),PublisherId=\(publisher)][AppId"
        let lines = [
            "\(app.dropFirst())] failed. Exception: Microsoft.Office.Compliance.Audit.DataServiceException: "
                + "Tenant \(tenant) does not exist.",
            "   at Microsoft.Office.Compliance.Audit.API.AzureManager.<GetSubscriptionTableClientForTenantAsync>"
                + "d__52.MoveNext() in d:\\dbs\\sh\\audit\\API\\AzureManager.cs:line 1786",
            "--- End of stack trace from previous location where exception was thrown ---",
            "   at System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw()",
            "   at Microsoft.Office.Compliance.Audit.API.\(operation.methodName)Controller.<ProcessAsync>d__4.MoveNext()",
        ]
        return .feed(400, code, lines.joined(separator: "\r\n"))
    }

    /// Too many requests, as the feed says it.
    static func throttled(_ operation: Operation, publisher: String, status: Int, retryAfter: Int?) -> Refusal
    {
        let message = "Too many requests. Method=\(operation.methodName), PublisherId=\(publisher)"
        var response = Refusal.feed(status, "AF429", message).response
        if let retryAfter { response.headers.append(("Retry-After", String(retryAfter))) }
        return Refusal(response: response)
    }

    /// A start too soon after another one.
    static func coolDown(seconds: Int) -> Refusal {
        let wait = "\(seconds / 60)m \(seconds % 60)s"
        return .feed(
            403,
            "429",
            "Too many frequent subscription start requests. Please retry again after \(wait)."
        )
    }

    /// An error of a service that speaks OData.
    static func odata(_ status: Int, _ code: String, _ message: String) -> Refusal {
        let error: Value = ["error": ["code": .string(code), "message": .string(message)]]
        return Refusal(
            response: Response(
                status: status,
                headers: [("Content-Type", "application/json")],
                body: error.bytes()
            )
        )
    }
}

extension Response {
    /// An answer of the feed, with the headers of the web server it runs on.
    static func feed(_ value: Value, status: Int = 200, headers: [(name: String, value: String)] = [])
        -> Response
    {
        feed(body: value.bytes(), type: "application/json; charset=utf-8", status: status, headers: headers)
    }

    /// An answer of the feed with a body of any type; without a type none is named.
    static func feed(
        body: [UInt8],
        type: String,
        status: Int = 200,
        headers: [(name: String, value: String)] = []
    ) -> Response {
        var all: [(name: String, value: String)] = [
            ("Cache-Control", "no-cache"), ("Pragma", "no-cache"), ("Expires", "-1"),
            ("Server", "Microsoft-IIS/10.0"), ("X-AspNet-Version", "4.0.30319"), ("X-Powered-By", "ASP.NET"),
        ]
        if !type.isEmpty { all.append(("Content-Type", type)) }
        return Response(status: status, headers: all + headers, body: body)
    }
}
