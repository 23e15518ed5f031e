"""What events are called and which properties they have, in the order of the public Segment spec.

Only names stand here, no values. A line is an event's name and its properties; `name[]` is a list
of objects that `LISTS` describes.
"""

from __future__ import annotations

_PRODUCT = "product_id sku category name brand variant price quantity coupon"
_PLACED = "position url image_url"
_ORDER = "revenue shipping tax discount coupon currency products[]"
_AD = "session_id asset_id pod_id type title publisher position total_length load_type"
_CONTENT = (
    "session_id asset_id pod_id title description keywords season episode genre program publisher"
    " position total_length channel full_episode livestream airdate"
)
_PLAYING = "position total_length"
_PLAYED = "session_id content_asset_id content_pod_id ad_asset_id ad_pod_id ad_type"
_PLAYER = "sound bitrate full_screen video_player ad_enabled quality"

_COMMERCE = f"""
Products Searched: query
Product List Viewed: list_id category products[]
Product List Filtered: list_id category filters[] sorts[] products[]
Promotion Viewed: promotion_id creative name position
Promotion Clicked: promotion_id creative name position
Product Clicked: {_PRODUCT} {_PLACED}
Product Viewed: {_PRODUCT} currency position value url image_url
Product Viewed: product_id sku name price quantity category position currency brand variant url
Product Added: cart_id {_PRODUCT} {_PLACED}
Product Added: product_id sku name price quantity category position currency coupon cart_id
Product Removed: cart_id {_PRODUCT} {_PLACED}
Cart Viewed: cart_id products[]
Checkout Started: order_id affiliation value {_ORDER}
Checkout Started: order_id value revenue currency products[]
Checkout Step Viewed: checkout_id step shipping_method payment_method
Checkout Step Completed: checkout_id step shipping_method payment_method
Payment Info Entered: checkout_id order_id step shipping_method payment_method
Order Updated: order_id affiliation total {_ORDER}
Order Completed: checkout_id order_id affiliation total subtotal {_ORDER}
Order Completed: order_id revenue currency coupon products[]
Order Refunded: order_id total currency products[]
Order Cancelled: order_id affiliation total {_ORDER}
Coupon Entered: order_id cart_id coupon_id
Coupon Applied: order_id cart_id coupon_id coupon_name discount
Coupon Denied: order_id cart_id coupon_id reason
Coupon Removed: order_id cart_id coupon_id coupon_name discount
Product Added to Wishlist: wishlist_id wishlist_name {_PRODUCT} {_PLACED}
Product Removed from Wishlist: wishlist_id wishlist_name {_PRODUCT} {_PLACED}
Wishlist Product Added to Cart: wishlist_id wishlist_name cart_id {_PRODUCT} {_PLACED}
Product Shared: share_via share_message recipient {_PRODUCT} url image_url
Cart Shared: share_via share_message recipient cart_id products[]
Product Reviewed: product_id review_id review_body rating
"""
_BUSINESS = """
Account Created: account_name
Account Deleted: account_name
Signed Up: type first_name last_name email phone username title
Signed Up: name email plan
Signed In: username
Signed Out: username
Invite Sent: invitee_email invitee_first_name invitee_last_name invitee_role
Account Added User: role
Account Removed User:
Trial Started: trial_start_date trial_end_date trial_plan_name
Trial Ended: trial_start_date trial_end_date trial_plan_name
User Registered: plan accountType
Experiment Viewed: experiment_id experiment_name variation_id variation_name
Subscription Renewed: plan mrr seats renewed_at period
Form Submitted: form_id form_name email
Button Clicked: title
Link Clicked: text href
Report Submitted:
Segment Consent Preference Updated:
"""
_MOBILE = """
Application Installed: version build
Application Opened: from_background referring_application url
Application Opened: from_background version build
Application Backgrounded:
Application Foregrounded:
Application Updated: previous_version previous_build version build
Application Uninstalled:
Application Crashed:
Install Attributed: provider campaign
Push Notification Received: campaign
Push Notification Tapped: action campaign
Push Notification Bounced: action campaign
Deep Link Opened: provider url
Deep Link Clicked: provider url
"""
_MESSAGES = """
Email Delivered: campaign_id campaign_name email_id email_subject
Email Opened: campaign_id campaign_name email_id email_subject
Email Link Clicked: campaign_id campaign_name email_id email_subject link_id link_url
Email Bounced: campaign_id campaign_name email_id email_subject
Email Marked as Spam: campaign_id campaign_name email_id email_subject
Unsubscribed: campaign_id campaign_name email_id email_subject list_id list_name
Live Chat Conversation Started: agent_id agent_name agent_username conversation_id
Live Chat Message Sent: agent_id agent_username conversation_id message_id message_body
Live Chat Message Received: agent_id agent_username conversation_id message_id message_body
Live Chat Conversation Ended: agent_id agent_username conversation_id conversation_duration
"""
_VIDEO = f"""
Video Playback Started: session_id content_asset_ids content_pod_ids ad_asset_ids ad_pod_ids\
 ad_types {_PLAYING} bitrate video_player sound full_screen ad_enabled quality
Video Playback Paused: {_PLAYED} {_PLAYING} video_player sound bitrate full_screen\
 ad_enabled quality
Video Playback Resumed: {_PLAYED} {_PLAYING} {_PLAYER}
Video Playback Interrupted: {_PLAYED} {_PLAYING} {_PLAYER}
Video Playback Buffer Started: {_PLAYED} {_PLAYING} {_PLAYER}
Video Playback Buffer Completed: {_PLAYED} {_PLAYING} {_PLAYER}
Video Playback Seek Started: {_PLAYED} {_PLAYING} seek_position {_PLAYER}
Video Playback Seek Completed: {_PLAYED} {_PLAYING} {_PLAYER}
Video Playback Completed: {_PLAYED} {_PLAYING} {_PLAYER}
Video Content Started: {_CONTENT}
Video Content Playing: {_CONTENT}
Video Content Completed: {_CONTENT}
Video Ad Started: {_AD}
Video Ad Playing: {_AD}
Video Ad Completed: {_AD}
"""

LISTS = {
    "products": (
        "product_id sku name price quantity category url image_url",
        "product_id sku name price position category url image_url",
        "product_id sku name price quantity category position currency brand variant url image_url",
        "product_id sku name price quantity category position currency coupon",
        f"{_PRODUCT} {_PLACED}",
        "product_id sku name price quantity image_url",
    ),
    "filters": ("type value",),
    "sorts": ("type value",),
}
"""Orders of properties that objects in lists have."""

PERSONS = (
    (
        "email phone firstName lastName name username birthday createdAt age gender address company"
        " avatar website title description lifetime_value is_admin nickname tags logins"
    ),
    "name email plan logins address",
    "firstName lastName email phone address",
    "first_name last_name email",
    "name email plan first_name last_name logins subscriptionStatus",
    "email plan",
    "firstName lastName email phone birthday address plan logins createdAt company",
)
"""Orders of a person's traits."""

GROUPS = (
    "name industry employees plan website email phone address createdAt monthly_spend",
    "name industry employees plan",
    "name plan",
)
"""Orders of a group's traits."""


def _read(text: str) -> list[tuple[str, list[str]]]:
    lines = (line.partition(":") for line in text.split("\n") if line)
    return [(name, properties.split()) for name, _, properties in lines]


EVENTS = [
    *_read(_COMMERCE), *_read(_COMMERCE), *_read(_BUSINESS), *_read(_MOBILE), *_read(_MESSAGES),
    *_read(_VIDEO),
]  # fmt: skip
"""Track events, each with its properties; those of shops, the most common, stand twice."""
