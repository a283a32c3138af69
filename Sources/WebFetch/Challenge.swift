internal import NIOHTTP1

/// The pages that services put before a site, to keep out who is no person with a browser.
///
/// They are recognized so that a model does not take their words for the site's, and does not try again.
struct Challenge {
    /// Whose it is.
    let name: String
    /// A field, and what its value contains.
    private var field: (name: String, part: String)?
    /// Any of these stands in the body.
    private var marks: [String] = []
    /// Whether pages that are no challenge have its marks too, so that they count only where there is no page.
    private var isCommon = false

    /// How long the page of a challenge is at most, in bytes, where it comes as a success.
    private static let bytesMax = 32 << 10

    private static let all = [
        Challenge(name: "Cloudflare", field: ("cf-mitigated", "challenge")),
        Challenge(name: "Cloudflare", marks: ["window._cf_chl_opt", "cf_captcha_kind", "cf-browser-verification"]),
        Challenge(name: "AWS WAF", field: ("x-amzn-waf-action", "")),
        Challenge(name: "AWS WAF", marks: ["window.gokuProps"]),
        Challenge(name: "Vercel", field: ("x-vercel-mitigated", "challenge")),
        Challenge(name: "DataDome", marks: ["captcha-delivery.com/"]),
        Challenge(name: "HUMAN", marks: ["id=\"px-captcha\""]),
        Challenge(name: "Imperva", marks: ["Incapsula incident ID"]),
        Challenge(name: "Akamai", marks: ["sec-if-cpt-container", "/_sec/cp_challenge/"]),
        Challenge(name: "Sucuri", marks: ["sucuri_cloudproxy_js"]),
        Challenge(name: "DDoS-Guard", marks: ["/.well-known/ddos-guard/js-challenge"]),
        Challenge(name: "Anubis", marks: ["id=\"anubis_challenge\""]),
        Challenge(name: "Google", marks: ["unusual traffic from your computer network"], isCommon: true),
        Challenge(
            name: "a CAPTCHA",
            marks: ["g-recaptcha", "h-captcha", "cf-turnstile", "hcaptcha.com/1/api.js"],
            isCommon: true
        ),
    ]

    private init(name: String, field: (name: String, part: String)? = nil, marks: [String] = [], isCommon: Bool = false)
    {
        self.name = name
        self.field = field
        self.marks = marks
        self.isCommon = isCommon
    }

    /// The challenge that `answer` is; nil if it is not a challenge.
    static func found(in answer: HTTPAnswer) -> Challenge? {
        if let named = all.first(where: { $0.isNamed(in: answer) }) { return named }
        guard !answer.isSuccess || answer.body.count <= bytesMax else { return nil }
        let text = String(decoding: answer.body, as: UTF8.self)
        return all.first { challenge in
            (!challenge.isCommon || !answer.isSuccess) && challenge.marks.contains { text.contains($0) }
        }
    }

    private func isNamed(in answer: HTTPAnswer) -> Bool {
        guard let field else { return false }
        return answer.headers[field.name].contains { field.part.isEmpty || $0.lowercased().contains(field.part) }
    }
}
