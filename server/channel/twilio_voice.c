/* Calls at a Twilio number: status and recording callbacks. twilio.com/docs/voice/twiml, twilio.com/docs/usage/security.
 *
 * Each callback is a newer state of one entry, the call. Legs to agents (with a ParentCallSid) give no item: the parent
 * tells the story. Who withholds the number is somebody else at each call. */
#include "channel/attach.h"
#include "channel/kit.h"
#include "channel/mime.h"
#include "channel/twilio.h"
#include "channel/types.h"

#include "base/clock.h"
#include "base/text.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <strings.h>

#define BODY_MAX (64 << 10)
#define RANK_FINAL 1000
#define DURATION_MAX (7 * 24 * 3600)

static const struct setting SETTINGS[] = {TWILIO_SETTINGS, {0}};

/* ---- the call ----------------------------------------------------------------------------------------------------------- */

static const struct state_row {
    const char *twilio;
    const char *name;
    int64_t rank; /* where Twilio tells no order */
    bool final;
} STATES[] = {
    {"queued", "ringing", 1, false},
    {"initiated", "ringing", 1, false},
    {"ringing", "ringing", 2, false},
    {"in-progress", "in_progress", 3, false},
    {"answered", "in_progress", 3, false},
    {"completed", "completed", 4, true},
    {"busy", "busy", 4, true},
    {"no-answer", "missed", 4, true},
    {"canceled", "missed", 4, true},
    {"failed", "failed", 4, true},
};

static const struct state_row *find_state(const char *twilio)
{
    for (size_t i = 0; twilio && i < COUNT_OF(STATES); i++)
        if (strcmp(STATES[i].twilio, twilio) == 0)
            return &STATES[i];
    return NULL;
}

struct call {
    struct arena *arena;
    struct form body, query;
    const char *sid;
    bool outgoing;
    int64_t duration_s; /* -1: not told */
};

/* A parameter of the body, else of the webhook's query: recording callbacks do not say whose call it was, so that the
 * URL given to Twilio does (docs/channels/twilio_voice.md). */
static const char *told_state(const struct call *call, const char *name)
{
    const char *value = form_get(&call->body, name);
    if (text_is_blank(value))
        value = form_get(&call->query, name);
    return text_is_blank(value) ? NULL : value;
}

static int64_t told_number(const struct call *call, const char *name, int64_t max, int64_t none)
{
    const char *text = told_state(call, name);
    if (!text || strspn(text, "0123456789") != strlen(text))
        return none;
    errno = 0;
    long long value = strtoll(text, NULL, 10);
    return errno || value > max ? none : value;
}

/* A withheld number is told as a word, or as the keys that spell it: +266696687 is ANONYMOUS. */
static bool is_withheld(const char *number)
{
    static const char *const WORDS[] = {"anonymous", "restricted", "unavailable", "unknown",      "blocked",
                                        "private",   "+266696687", "+7378742833", "+86282452253", "+8656696",
                                        "+8566696",  "+2562533",   "+7748283"};
    for (size_t i = 0; i < COUNT_OF(WORDS); i++)
        if (strcasecmp(WORDS[i], number) == 0)
            return true;
    return false;
}

/* "sip:+819012345678@pbx.example" is that number. */
static const char *user_of_sip(struct arena *a, const char *number)
{
    if (strncasecmp(number, "sip:", 4) != 0)
        return number;
    return arena_strndup(a, number + 4, strcspn(number + 4, "@;:"));
}

/* Caller IDs are easily forged, except where the networks sign them (STIR/SHAKEN). A number that we rang and that answered
 * is proven. */
static enum proof proof_of(const struct call *call, const struct state_row *state)
{
    const char *verstat = told_state(call, "StirVerstat");
    if (call->outgoing)
        return state && strcmp(state->twilio, "completed") == 0 && call->duration_s > 0 ? PROOF_PROVEN : PROOF_CLAIMED;
    bool is_signed =
        verstat && (strcmp(verstat, "TN-Validation-Passed-A") == 0 || strcmp(verstat, "TN-Validation-Passed-B") == 0);
    return is_signed ? PROOF_PROVEN : PROOF_CLAIMED;
}

/* False: the callback does not say who was at the other end. */
static bool other_end(const struct call *call, const struct state_row *state, struct identity_ref *ret)
{
    struct arena *a = call->arena;
    const char *number = told_state(call, call->outgoing ? "To" : "From");
    if (!number)
        return false;
    if (is_withheld(number)) {
        *ret = (struct identity_ref){.kind = IDENTITY_EXTERNAL,
                                     .space = SPACE_OF_ACCOUNT,
                                     .value = external_id_text(a, arena_printf(a, "call:%s", call->sid)),
                                     .proof = PROOF_ANONYMOUS};
        return true;
    }
    const char *phone = identity_normalise(a, IDENTITY_PHONE, user_of_sip(a, number), NULL);
    *ret = (struct identity_ref){
        .kind = phone ? IDENTITY_PHONE : IDENTITY_EXTERNAL,
        .space = phone ? 0 : SPACE_OF_ACCOUNT,
        .value = phone ? phone : identity_normalise(a, IDENTITY_EXTERNAL, number, NULL),
        .name = line_cut(a, told_state(call, "CallerName"), PERSON_NAME_MAX),
        .proof = proof_of(call, state),
    };
    return ret->value != NULL;
}

static const char *duration_text(struct arena *a, int64_t seconds)
{
    if (seconds < 60)
        return arena_printf(a, "%" PRId64 " s", seconds);
    return arena_printf(a, "%" PRId64 " min %02" PRId64 " s", seconds / 60, seconds % 60);
}

static const char *call_text(const struct call *call, const char *state)
{
    const char *way = call->outgoing ? "Outgoing call" : "Incoming call";
    if (strcmp(state, "completed") == 0 && call->duration_s >= 0)
        return arena_printf(call->arena, "%s, %s", way, duration_text(call->arena, call->duration_s));
    if (strcmp(state, "missed") == 0)
        return call->outgoing ? "Outgoing call, not answered" : "Missed call";
    static const char *const WORDS[][2] = {{"ringing", "ringing"},
                                           {"in_progress", "in progress"},
                                           {"completed", "ended"},
                                           {"busy", "busy"},
                                           {"failed", "failed"}};
    for (size_t i = 0; i < COUNT_OF(WORDS); i++)
        if (strcmp(WORDS[i][0], state) == 0)
            return arena_printf(call->arena, "%s, %s", way, WORDS[i][1]);
    return way;
}

static struct json_object *call_payload(const struct call *call, const char *state)
{
    static const char *const KEPT[][2] = {
        {"from", "From"},
        {"to", "To"},
        {"caller_name", "CallerName"},
        {"forwarded_from", "ForwardedFrom"},
        {"city", "FromCity"},
        {"verstat", "StirVerstat"},
        {"queue_result", "QueueResult"},
        {"sip_code", "SipResponseCode"},
        {"recording_id", "RecordingSid"},
        {"recording_status", "RecordingStatus"},
    };
    struct json_object *payload = payload_new(call->arena);
    payload_text(payload, "state", state);
    payload_text(payload, "call_id", call->sid);
    payload_text(payload, "direction", call->outgoing ? "out" : "in");
    if (call->duration_s >= 0)
        payload_int(payload, "duration_s", call->duration_s);
    for (size_t i = 0; i < COUNT_OF(KEPT); i++)
        if (!told_state(call, KEPT[i][1]) || !is_withheld(told_state(call, KEPT[i][1])))
            payload_text(payload, KEPT[i][0], told_state(call, KEPT[i][1]));
    payload_text(payload, "recording_url", told_state(call, "RecordingUrl"));
    const char *source = told_state(call, "RecordingSource");
    if (source && strcmp(source, "RecordVerb") == 0) /* <Record>: said to a machine, and not a call that was recorded */
        payload_true(payload, "voicemail");
    if (told_number(call, "RecordingDuration", DURATION_MAX, -1) >= 0)
        payload_int(payload, "recording_s", told_number(call, "RecordingDuration", DURATION_MAX, 0));
    return payload;
}

/* When the call began: a callback tells when its state came to be. */
static int64_t call_time(const struct call *call, const struct state_row *state, int64_t received_at)
{
    int64_t at = received_at;
    mime_date(told_state(call, "Timestamp"), &at);
    at = time_believable(at, received_at);
    if (state && state->final && call->duration_s > 0)
        at -= call->duration_s * SECOND_MS;
    return at;
}

static void add_call(const struct call *call, const struct state_row *state, const struct web_request *request,
                     struct inbound_list *ret)
{
    struct inbound item = {
        .type = INBOUND_ENTRY,
        .external_id = external_id_text(call->arena, call->sid),
        .occurred_at = call_time(call, state, request->received_at),
        .kind = ENTRY_CALL,
        .direction = call->outgoing ? DIRECTION_OUT : DIRECTION_IN,
        .author_name = call->outgoing ? "Phone" : NULL,
        .text = call_text(call, state->name),
        .payload = payload_end(call->arena, call_payload(call, state->name)),
    };
    int64_t sequence = told_number(call, "SequenceNumber", RANK_FINAL - 2, -1);
    item.rank = state->final ? RANK_FINAL + (sequence > 0 ? sequence : 0) : sequence >= 0 ? sequence + 1 : state->rank;
    if (other_end(call, state, &item.from))
        *inbound_add(call->arena, ret) = item;
    else
        inbound_problem(ret, said(call->arena, call_nobody, call->sid));
}

/* By account and recording, which together are its address: not the one that the callback names. */
static struct list recording_file(const struct call *call, const char *recording)
{
    struct list files = {0};
    const char *owner = id_in_url(told_state(call, "AccountSid"));
    struct attachment *file = attach_remote(call->arena, &files, owner ? recording : NULL,
                                            arena_printf(call->arena, "%s.mp3", recording), "audio/mpeg");
    if (file)
        file->remote = arena_printf(call->arena, "%s/%s", owner, recording);
    return files;
}

static void add_recording(const struct call *call, const char *recording, const struct web_request *request,
                          struct inbound_list *ret)
{
    const char *status = told_state(call, "RecordingStatus");
    if (status && strcmp(status, "completed") != 0)
        return;
    struct inbound item = {
        .type = INBOUND_ENTRY,
        .external_id = external_id_text(call->arena, arena_printf(call->arena, "recording:%s", recording)),
        .occurred_at = request->received_at,
        .kind = ENTRY_CALL,
        .direction = call->outgoing ? DIRECTION_OUT : DIRECTION_IN,
        .author_name = call->outgoing ? "Phone" : NULL,
        .text = "Recording of a call",
        .payload = payload_end(call->arena, call_payload(call, "recorded")),
        .attachments = recording_file(call, recording),
        .references = reference_to(call->arena, call->sid),
    };
    if (other_end(call, NULL, &item.from))
        *inbound_add(call->arena, ret) = item;
    else
        inbound_problem(ret, said(call->arena, recording_nobody, recording));
}

static bool read_call(const struct web_request *request, struct arena *a, struct call *ret)
{
    *ret = (struct call){.arena = a};
    if (!form_parse(a, request->body, request->body_len, &ret->body) ||
        !form_parse(a, request->query, strlen(request->query), &ret->query))
        return false;
    ret->sid = external_id_text(a, line_cut(a, told_state(ret, "CallSid"), EXTERNAL_ID_MAX * 2));
    const char *direction = told_state(ret, "Direction");
    ret->outgoing = direction && strncmp(direction, "outbound", 8) == 0;
    ret->duration_s = told_number(ret, "CallDuration", DURATION_MAX, -1);
    return ret->sid != NULL;
}

static bool twilio_parse(const struct channel_account *account, const struct web_request *request, struct arena *a,
                         struct inbound_list *ret, struct error *err)
{
    (void)account;
    struct call call;
    if (!read_call(request, a, &call))
        return error_set(err, "CallSid", input_lacks, "CallSid");
    const char *recording = told_state(&call, "RecordingSid"), *status = told_state(&call, "CallStatus");
    const struct state_row *state = find_state(status);
    if (told_state(&call, "ParentCallSid"))
        return true;
    if (state)
        add_call(&call, state, request, ret);
    else if (recording)
        add_recording(&call, recording, request, ret);
    else if (status)
        inbound_problem(ret, said(a, call_status, status));
    return true;
}

/* twilio.com/docs/voice/api/recording#fetch-a-recordings-media-file */
static enum file_ask twilio_ask_file(const struct channel_account *account, const char *remote,
                                     const struct send_reply *where, struct arena *a, struct send_request *ret)
{
    const char *slash = strchr(remote, '/');
    (void)where;
    if (!slash)
        return FILE_NOT_ASKED;
    *ret = (struct send_request){
        .how = SEND_GET,
        .url = arena_printf(a, "%s/2010-04-01/Accounts/%.*s/Recordings%s.mp3", base_url(account, a, "api_url"),
                            (int)(slash - remote), remote, slash),
        .user = arena_strndup(a, remote, (size_t)(slash - remote)),
        .password = channel_setting(account, "auth_token"),
    };
    return FILE_ASK_CONTENT;
}

const struct channel_type CHANNEL_TWILIO_VOICE = {
    .name = "twilio_voice",
    .label = "Phone by Twilio",
    .help = "Calls at a Twilio number: who rang when, how long, and what became of it.",
    .medium = MEDIUM_PHONE,
    .settings = SETTINGS,
    .headers = TWILIO_HEADERS,
    .body_max = BODY_MAX,
    .verify = twilio_verify,
    .parse = twilio_parse,
    TWILIO_ANSWERS,
    .ask_file = twilio_ask_file,
    .reaches = IDENTITY_NONE,
};
