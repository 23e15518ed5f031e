"""Words that stand in everybody's events: standard values, by the name of what they are of."""

from __future__ import annotations

from typing import Any

_WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/"
_MOBILE = "AppleWebKit/605.1.15 (KHTML, like Gecko) Version/"
_CHROMES = [f"{number}.0.0.0" for number in range(120, 161, 4)]
_CHROME_ON = [
    "Macintosh; Intel Mac OS X 10_15_7", "Windows NT 10.0; Win64; x64", "X11; Linux x86_64",
]  # fmt: skip
_IPHONES = ["16_6", "17_5", "17_6", "18_1", "18_5", "26_0"]

WORDS: dict[str, list[Any]] = {
    "accountType": ["Facebook", "Google", "email"],
    "action": ["Accept", "Open", "Dismiss"],
    "ad_enabled": [True, False],
    "ad_type": ["pre-roll", "mid-roll", "post-roll", None],
    "campaign_medium": ["email", "cpc", "social", "organic", "referral", "push"],
    "campaign_source": ["newsletter", "Newsletter", "google", "facebook", "instagram", "twitter"],
    "category": ["Games", "Shoes", "Books", "Clothing", "Electronics", "Home", "Toys", "Beauty"],
    "channel": ["web", "mobile", "server"],
    "country": ["US", "USA", "DE", "GB", "FR", "CA", "ES", "IT", "NL", "BR", "IN", "JP"],
    "currency": ["USD", "USD", "EUR", "EUR", "GBP", "CAD", "JPY"],
    "episode": ["1", "2", "10"],
    "from_background": [False, True],
    "full_episode": [True, False],
    "full_screen": [True, False],
    "gender": ["female", "male"],
    "genre": ["Documentary", "Comedy", "Drama", "Reality"],
    "industry": ["Technology", "Retail", "Finance", "Education", "Healthcare"],
    "invitee_role": ["Owner", "Admin", "Member"],
    "is_admin": [False, True],
    "livestream": [False, True],
    "load_type": ["dynamic", "linear"],
    "locale": [
        "en-US", "en-US", "en-US", "en-GB", "de-DE", "fr-FR", "es-ES", "it-IT", "nl-NL", "pt-BR",
        "ja-JP", "pl-PL", "sv-SE", "ko-KR", "zh-CN", "hi-IN", "tr-TR",
    ],
    "payment_method": ["Visa", "Mastercard", "PayPal", "Apple Pay", "credit_card"],
    "period": ["monthly", "yearly"],
    "plan": ["premium", "enterprise", "free", "pro", "basic", "business", "Pro Annual"],
    "platform": ["macOS", "Windows", "Linux", "Android", "iOS"],
    "provider": ["Branch Metrics", "AppsFlyer", "Adjust", "Kochava"],
    "quality": ["hd1080", "hd720", "highres", "large"],
    "rating": ["5", "4", 3, 5],
    "reason": ["Coupon expired", "Invalid coupon"],
    "referrer": [
        "", "", "", "https://www.google.com/", "https://www.facebook.com/", "https://t.co/",
        "https://www.bing.com/", "https://duckduckgo.com/", "https://l.instagram.com/",
    ],
    "referring_application": ["GoogleMaps", "com.apple.mobilesafari", ""],
    "role": ["Owner", "Admin", "Member"],
    "season": ["1", "2", "12"],
    "share_via": ["email", "sms"],
    "shipping_method": ["Fedex", "UPS", "DHL", "Standard", "Express"],
    "state": ["CA", "NY", "TX", "FL", "WA", "", None],
    "subscriptionStatus": ["active", "inactive"],
    "timezone": [
        "America/New_York", "America/Los_Angeles", "America/Chicago", "America/Sao_Paulo",
        "Europe/Berlin", "Europe/London", "Europe/Paris", "Europe/Amsterdam", "Asia/Tokyo",
        "Asia/Kolkata", "Australia/Sydney",
    ],
    "title": ["Home", "Home Page", "Your cart", "Account", "Billing", "Checkout", "Mr", "Products"],
    "trial_plan_name": ["Business", "Enterprise", "Pro"],
    "type": ["department", "price", "organic", "referral", "pre-roll", "mid-roll", "post-roll"],
    "userAgent": [
        *(f"Mozilla/5.0 ({on}) {_WEBKIT}{to} Safari/537.36"
          for on in _CHROME_ON for to in _CHROMES),
        *(f"Mozilla/5.0 (Linux; Android 10; K) {_WEBKIT}{to} Mobile Safari/537.36"
          for to in _CHROMES),
        *(f"Mozilla/5.0 (iPhone; CPU iPhone OS {at} like Mac OS X) {_MOBILE}"
          f"{at.replace('_', '.')} Mobile/15E148 Safari/604.1" for at in _IPHONES),
        *(f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {_MOBILE}{at} Safari/605.1.15"
          for at in ("16.6", "17.5", "18.1", "18.5")),
        *(f"Mozilla/5.0 ({on}; rv:{to}.0) Gecko/20100101 Firefox/{to}.0"
          for on in ("Windows NT 10.0; Win64; x64", "X11; Linux x86_64",
                     "Macintosh; Intel Mac OS X 10.15") for to in (115, 128, 140)),
        f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {_WEBKIT}140.0.0.0 Safari/537.36 Edg/140.0.0.0",
    ],
    "video_player": ["youtube", "vimeo", "hls.js"],
}  # fmt: skip
"""A word that stands twice is twice as likely."""

COMMON = """
account all and app article baby bag banner basic beauty best big black blog blue board book
books box brand button camera car card care cart case chair check checkout city classic click
clothing coffee collection color company contact contest content cotton customer day deals
delivery design details digital dress edition email event family feature fitness food for
free game games garden gift global gold google green group guide health help hero hey home
image innovation interview item jacket kids kitchen large learn leather life light link
list logo love luxury main market media men mini mobile modern music new news newsletter
offer office online order organic outdoor page paper path pieces plan plus premium price
pro product products promo question red report review rose running sale school search season
series service set shirt shoe shoes shop short silver size small smart social special sport
spring standard star start store studio style summer support table team technology test the
this time top toy travel trial update user vegan video view watch water web welcome white
wide winter with women wood work world year you your
""".split()  # noqa: SIM905 - it reads better
"""Words that titles, names of products and texts are made of."""

HOSTS = ("gmail.com", "yahoo.com", "hotmail.com", "outlook.com", "icloud.com", "example.com")
"""Where mail goes; in a dictionary they stand without anybody's name before the `@`."""
