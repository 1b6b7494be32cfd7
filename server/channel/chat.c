/* The chat widget on a site. Its visitors speak with the server by WebSocket, so there is nothing to translate. */
#include "channel/types.h"

static const struct setting SETTINGS[] = {
    {"accent", SETTING_TEXT, 0, "#2f6f4f", "Accent colour", "The colour of the button and the visitor's own messages."},
    {"greeting", SETTING_TEXT, 0, NULL, "Greeting", "The first line that a visitor reads."},
    {"away_text", SETTING_TEXT, 0, NULL, "Text when nobody is there", "Says when an answer may be expected."},
    {"identity_secret", SETTING_SECRET, SETTING_GENERATED, NULL, "Identity secret",
     "Your site signs a logged-in customer's id with it (HMAC-SHA256, hex), which turns a claim into proof."},
    {"identity_secret_previous", SETTING_SECRET, 0, NULL, "Identity secret before it",
     "Still taken, until your site signs with the new one; then remove it."},
    {"plain_signatures_until", SETTING_TEXT, 0, NULL, "Signatures of the old form until",
     "A date such as 2027-06-30: until then a signature over the bare id or address is taken too. Empty: never."},
    {"origins", SETTING_TEXT, 0, NULL, "Allowed sites",
     "Origins that may show this widget, with spaces between, such as https://shop.example. Empty: any."},
    {"unseen_minutes", SETTING_TEXT, 0, "15", "Minutes until an unseen answer goes by mail",
     "To the address that the visitor has left. 0: never."},
    {"unseen_channel", SETTING_TEXT, 0, NULL, "Email channel for it",
     "Name of the channel that sends it. Empty: the first one that sends mail."},
    {"title_en", SETTING_TEXT, 0, NULL, "Title in English",
     "What stands above the chat. Empty: the widget's own words."},
    {"title_ja", SETTING_TEXT, 0, NULL, "Title in Japanese", "The same for those who read Japanese."},
    {"typing_preview", SETTING_BOOL, 0, "false", "Show what is being typed",
     "Agents see a message while it is typed, before it is sent. The widget tells visitors so."},
    CUSTOMER_SPACE_SETTING,
    {0},
};

const struct channel_type CHANNEL_CHAT = {
    .name = "chat",
    .label = "Chat on your site",
    .help = "A chat button on your pages: one line of HTML, nothing else to set up.",
    .medium = MEDIUM_CHAT,
    .settings = SETTINGS,
    .reaches = IDENTITY_VISITOR,
    .text_max = 5000,
    .text_unit = UNIT_CODE_POINTS,
    .rich = RICH_HTML,
    .files = {.count = CHAT_FILES_MAX, .each = UPLOAD_BYTES_MAX, .total = 100000000},
};
