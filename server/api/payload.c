#include "api/payload.h"

#include "base/rows.h"
#include "channel/inbound.h"

struct payload_message {
    const char *type;
    const char *said;
    const char *from;
    const char *to;
    const char *cc;
    const char *bcc;
    const char *reply_to;
    const char *message_id;
    const char *in_reply_to;
    const char *references;
    const char *date_claimed;
    bool is_auto;
    const char *delivered_to;
    const char *auth;
    const char *spf;
    const char *dkim;
    const char *dmarc;
    int64_t quote_at;
    const char *forwarded_from;
    const char *thread;
    const char *calendar;
    const char *secure;
    const char *signature;
    bool cut;
    const char *page_url;
    const char *written_at;
    const char *address;
    const char *name;
    const char *latitude;
    const char *longitude;
    const char *keywords;
    const char *media;
    const char *answers;
    const char *choice;
    const char *button;
    const char *postback;
    const char *order;
    const char *contacts;
    const char *referral;
    bool begins;
    const char *markdown;
    bool forwarded;
    const char *edited_at;
    const char *taken_back_at;
};

struct payload_note {
    char nothing;
};

struct payload_call {
    const char *state;
    const char *call_id;
    const char *direction;
    int64_t duration_s;
    const char *recording_url;
    int64_t recording_s;
    const char *transcript;
};

struct payload_points {
    int64_t delta;
    int64_t balance;
    const char *tier;
    const char *reason;
};

struct payload_visit {
    const char *url;
    const char *title;
};

struct payload_campaign {
    const char *name;
    const char *url;
};

struct payload_survey {
    const char *question;
    const char *answer;
    const char *score;
};

struct payload_activity {
    const char *action;
    int64_t number;
    const char *status;
    const char *until;
    const char *why;
    const char *agent_id;
    const char *agent_name;
    const char *priority;
    bool proven;
    const char *name;
    const char *email;
    const char *user_id;
    const char *consent;
    const char *address;
    const char *source;
};

static SHAPE(MESSAGE_PAYLOAD, payload_message, "MessagePayload", "What is known of a message besides its words; which of these there are depends on the channel.",
    TEXT(payload_message, type, "type", 60, "What it is where it comes from: text, sticker, location, image, …"),
    TEXT(payload_message, from, "from", 500, "Of a mail: name and address of the sender."),
    JSON(payload_message, to, "to", 20000, "Of a mail: list of names and addresses. Of ours left out when it goes to the person alone, who is the first else."),
    JSON(payload_message, cc, "cc", 20000, "Of a mail: the same."),
    JSON(payload_message, bcc, "bcc", 20000, "Of a mail of ours: the same, of those whom nobody else sees."),
    JSON(payload_message, delivered_to, "delivered_to", 20000, "Of a mail: list of the addresses that it was handed over for, as the envelope, a provider or Delivered-To says."),
    TEXT(payload_message, reply_to, "reply_to", 500, "Of a mail, where it says so."),
    TEXT(payload_message, message_id, "message_id", 998, "Of a mail its Message-ID; else the id of the message where it comes from."),
    TEXT(payload_message, in_reply_to, "in_reply_to", 998, "Of a mail: what it answers."),
    TEXT(payload_message, references, "references", 20000, "Of a mail: the ids of those before it, the oldest first, where it names more than that one."),
    TEXT(payload_message, date_claimed, "date_claimed", 40, "Of a mail: its Date, where that is not believed."),
    BOOL(payload_message, is_auto, "auto", "Of a mail: a program wrote it."),
    TEXT(payload_message, auth, "auth", 20, "Of a mail: whether the sender proved the address: pass, fail, none."),
    TEXT(payload_message, spf, "spf", 20, "Of a mail: what SPF found, in the words of RFC 8601 (pass, fail, softfail, neutral, none, temperror, permerror), by your own mail server or the provider; left out where nobody who is trusted says."),
    TEXT(payload_message, dkim, "dkim", 20, "Of a mail: the same of DKIM."),
    TEXT(payload_message, dmarc, "dmarc", 20, "Of a mail: the same of DMARC."),
    INT(payload_message, quote_at, "quote_at", 0, INT64_MAX, "So many bytes of the text are new; what follows is quoted, or a signature."),
    JSON(payload_message, forwarded_from, "forwarded_from", 20000, "Of a mail that passes on another one as a whole: {name, address, subject, date} of that, as far as it says; the date is in the words of the program. Nobody has proven any of it."),
    JSON(payload_message, thread, "thread", 20000, "Of a mail that answers one outside its own conversation, somebody else's of whom it has come as a copy, or an old one: {entry_id, customer_id} of that."),
    JSON(payload_message, calendar, "calendar", 20000, "Of a mail with an invitation: {method, summary, starts, ends, location, organizer, repeats, status, description}. Times are RFC 3339, without a zone where it has none, of whole days the date alone."),
    TEXT(payload_message, secure, "secure", 20, "Of a mail: smime_signed, smime_encrypted, pgp_signed, pgp_encrypted."),
    JSON(payload_message, signature, "signature", 20000, "Of a mail that is signed: {state, by}. State is valid, weak (it holds by what can be forged: SHA-1, MD5, a short key), expired (the key did not hold when the mail was written), other (it holds, and is by somebody whose key does not speak for the From address), invalid (the mail was changed), unknown (nobody is known whose it is: see mail_key.add), or partial (only a part of the mail is signed). `by` is the label of the key, or what a certificate calls its owner. It says nothing of the author, and nobody is asked whether a certificate was revoked."),
    BOOL(payload_message, cut, "cut", "It was larger than is kept."),
    TEXT(payload_message, page_url, "page_url", 2000, "Of a chat: the page where it was written."),
    TEXT(payload_message, written_at, "written_at", 40, "Of a chat: when it was written, if that was long before it came."),
    TEXT(payload_message, address, "address", 500, "Of a location its address; of our mail to a visitor, the address that was left in the chat."),
    TEXT(payload_message, name, "name", 500, "Of a location, or a contact."),
    JSON(payload_message, latitude, "latitude", 20000, "Of a location: a number."),
    JSON(payload_message, longitude, "longitude", 20000, "Of a location: a number."),
    JSON(payload_message, keywords, "keywords", 20000, "Of a sticker: list of what it says."),
    BOOL(payload_message, begins, "begins", "Of ours: it begins a conversation, and answers nothing."),
    LINES(payload_message, markdown, "markdown", 100000, "Of ours, when it is formatted: as it was written. `text` is the same as plain text, `html` as it is shown."),
    SAID(payload_message, said, "said", "What it is, where it is no text; `text` is the same in English."),
    JSON(payload_message, media, "media", 20000, "Of a picture, sound, film or file: {id, type, name, size, duration_ms, url, …} where it comes from."),
    JSON(payload_message, answers, "answers", 20000, "Of a form (WhatsApp flow): what was filled in, by the names of its fields."),
    JSON(payload_message, choice, "choice", 20000, "Of a list or buttons: {id, title, description} of what was chosen."),
    TEXT(payload_message, button, "button", 1000, "Of a quick reply of a template: what it says to the business."),
    JSON(payload_message, postback, "postback", 20000, "Of a button on LINE: {data, params: {date, time, datetime, …}}."),
    JSON(payload_message, order, "order", 20000, "Of a list of products: {catalog_id, text, product_items: [{product_retailer_id, quantity, item_price, currency}]}."),
    JSON(payload_message, contacts, "contacts", 20000, "Of contacts: a list, as WhatsApp gives it."),
    JSON(payload_message, referral, "referral", 20000, "Of the advertisement that it was written from: {headline, body, source_url, source_type, source_id, ctwa_clid, …}."),
    BOOL(payload_message, forwarded, "forwarded", "Of WhatsApp: it was written to somebody else before."),
    TEXT(payload_message, edited_at, "edited_at", 40, "When its author last changed its words."),
    TEXT(payload_message, taken_back_at, "taken_back_at", 40, "When its author took it back: its words are gone."));

static const struct shape NOTE_PAYLOAD = {.name = "NotePayload",
                                          .help = "A note has none.",
                                          .size = sizeof(struct payload_note),
                                          .fields = (const struct field[]){{.name = NULL}}};

static SHAPE(CALL_PAYLOAD, payload_call, "CallPayload", "A call as it is now.",
    TEXT(payload_call, state, "state", 40, "ringing, in_progress, completed, missed, busy, no_answer, failed, cancelled, recorded, …"),
    TEXT(payload_call, call_id, "call_id", 200, "The provider's id of the call."),
    TEXT(payload_call, direction, "direction", 8, "in or out."),
    INT(payload_call, duration_s, "duration_s", 0, INT64_MAX, "How long was spoken, in seconds."),
    TEXT(payload_call, recording_url, "recording_url", 2000, "Where the recording is."),
    INT(payload_call, recording_s, "recording_s", 0, INT64_MAX, "How long it is, in seconds."),
    LINES(payload_call, transcript, "transcript", 20000, "What was said."));

static SHAPE(POINTS_PAYLOAD, payload_points, "PointsPayload", "Loyalty points.",
    INT(payload_points, delta, "delta", INT64_MIN + 1, INT64_MAX, "How many came, or went (below 0)."),
    INT(payload_points, balance, "balance", INT64_MIN + 1, INT64_MAX, "How many there are now."),
    TEXT(payload_points, tier, "tier", 60, "The tier now."),
    TEXT(payload_points, reason, "reason", 500, "For what."));

static SHAPE(VISIT_PAYLOAD, payload_visit, "VisitPayload", "A page that was looked at; without its address, a visit to a store.",
    TEXT(payload_visit, url, "url", 2000, "The page."),
    TEXT(payload_visit, title, "title", 500, "Its title, or the name of the store."));

static SHAPE(CAMPAIGN_PAYLOAD, payload_campaign, "CampaignPayload", "Something that was sent to many.",
    TEXT(payload_campaign, name, "name", 500, "What it is called."),
    TEXT(payload_campaign, url, "url", 2000, "Where it leads."));

static SHAPE(SURVEY_PAYLOAD, payload_survey, "SurveyPayload", "An answer to a question that was put to many.",
    LINES(payload_survey, question, "question", 2000, "The question."),
    LINES(payload_survey, answer, "answer", 20000, "The answer."),
    JSON(payload_survey, score, "score", 20000, "How it was rated: a number, or a text."));

static SHAPE(ACTIVITY_PAYLOAD, payload_activity, "ActivityPayload", "What an agent, or the system, has done with a conversation or a person.",
    TEXT(payload_activity, action, "action", 40, "assigned, status, priority, identified, consent."),
    INT(payload_activity, number, "number", 0, INT64_MAX, "Of the conversation."),
    TEXT(payload_activity, status, "status", 20, "open, snoozed, resolved."),
    TEXT(payload_activity, until, "until", 40, "Until when it is snoozed; left out: until the person writes."),
    TEXT(payload_activity, why, "why", 40, "snooze_ended: a snooze ended; left out: somebody has set it."),
    TEXT(payload_activity, agent_id, "agent_id", 36, "Who has it now; null: nobody."),
    TEXT(payload_activity, agent_name, "agent_name", 200, "The name then."),
    TEXT(payload_activity, priority, "priority", 20, "How urgent it is now."),
    BOOL(payload_activity, proven, "proven", "identified: a signature vouched for it."),
    TEXT(payload_activity, name, "name", 500, "identified: as what the visitor is known."),
    TEXT(payload_activity, email, "email", 254, "identified: the same."),
    TEXT(payload_activity, user_id, "user_id", 254, "identified: the same."),
    TEXT(payload_activity, consent, "consent", 20, "unknown, granted, refused."),
    TEXT(payload_activity, address, "address", 254, "consent: of which address or number."),
    TEXT(payload_activity, source, "source", 500, "consent: how it was said."));

const struct shape *const PAYLOAD_SHAPES[] = {
    [ENTRY_MESSAGE] = &MESSAGE_PAYLOAD,   [ENTRY_NOTE] = &NOTE_PAYLOAD,
    [ENTRY_CALL] = &CALL_PAYLOAD,         [ENTRY_ORDER] = &ORDER_FACTS_SHAPE,
    [ENTRY_POINTS] = &POINTS_PAYLOAD,     [ENTRY_VISIT] = &VISIT_PAYLOAD,
    [ENTRY_CAMPAIGN] = &CAMPAIGN_PAYLOAD, [ENTRY_SURVEY] = &SURVEY_PAYLOAD,
    [ENTRY_ACTIVITY] = &ACTIVITY_PAYLOAD, NULL,
};

bool payload_fits(struct arena *a, int kind, const char *payload, struct error *err)
{
    const struct shape *shape = PAYLOAD_SHAPES[kind];
    struct json_object *given = json_parse(payload, strlen(payload), err), *known, *value;
    if (!json_object_is_type(given, json_type_object)) {
        json_object_put(given);
        return error_set(err, "payload", wrong_type, "payload", "an object");
    }
    known = json_object_new_object();
    for (const struct field *f = field_first(shape); f; f = field_next(f))
        if (json_object_object_get_ex(given, f->name, &value) && value)
            json_object_object_add(known, f->name, json_object_get(value));
    bool fits = field_decode(shape, known, a, arena_alloc(a, shape->size), err);
    json_object_put(known);
    json_object_put(given);
    return fits;
}
