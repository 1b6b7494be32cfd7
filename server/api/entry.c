/* entry.*: what agents correct and mark. */
#include "store/entry.h"
#include "api/file.h"
#include "api/method.h"
#include "api/shapes.h"
#include "desk/act/attached.h"
#include "desk/act/correct.h"
#include "desk/act/remote.h"
#include "desk/conversation/rules.h"
#include "store/identity.h"

struct move_params {
    struct uuid entry_id, customer_id;
    const char *reason;
};

struct back_params {
    struct uuid entry_id;
};

struct pin_params {
    struct uuid id;
    bool pinned;
};

struct fetch_params {
    struct uuid id;
};

struct open_params {
    struct uuid id;
    const char *sha256;
};

struct again {
    struct list files;
};

struct opened_mail {
    const char *author_name, *subject, *text, *html, *payload, *attachments;
    int64_t occurred_at;
};

struct consent_params {
    struct uuid identity_id;
    int consent;
    const char *source;
};

struct of_identity {
    struct uuid identity_id;
};

static SHAPE(MOVE, move_params, "EntryMoveParams", "An entry that is somebody else's.",
    UUID_REQ(move_params, entry_id, "entry_id", "Which."),
    UUID_REQ(move_params, customer_id, "customer_id", "Whose it is."),
    TEXT(move_params, reason, "reason", 500, "Why."));
static SHAPE(BACK, back_params, "EntryMoveBackParams", "A move to take back.",
    UUID_REQ(back_params, entry_id, "entry_id", "The entry that was moved, or the one that stands for it."));
static SHAPE(PIN, pin_params, "EntryPinParams", "What stays on top.",
    UUID_REQ(pin_params, id, "id", "The entry."),
    BOOL(pin_params, pinned, "pinned", "Stays on top, or no longer."));
static SHAPE(FETCH, fetch_params, "EntryFetchParams", "Files of an entry.",
    UUID_REQ(fetch_params, id, "id", "The entry they belong to."));
static SHAPE(OPEN, open_params, "EntryOpenParams", "A mail that is attached.",
    UUID_REQ(open_params, id, "id", "The entry that has it."),
    TEXT_REQ(open_params, sha256, "sha256", 64, "The content of the file, as the entry's attachments name it."));
static SHAPE(AGAIN, again, "FilesAgain", "Files of an entry, to be sent once more.",
    LIST(again, files, "files", &UPLOAD_SHAPE, 0, "As if the caller had brought them; without those that a provider still keeps."));
static SHAPE(OPENED, opened_mail, "AttachedMail", "A mail that was attached to another.",
    TEXT(opened_mail, author_name, "author_name", 200, "Who wrote it; the address is in the payload."),
    TIME(opened_mail, occurred_at, "occurred_at", "When."),
    TEXT(opened_mail, subject, "subject", 1000, "Subject."),
    LINES(opened_mail, text, "text", 0, "The words, plain."),
    LINES(opened_mail, html, "html", 0, "The same as HTML, as it came: whoever shows it sanitises it."),
    JSON(opened_mail, payload, "payload", 0, "As of a message: MessagePayload."),
    JSON(opened_mail, attachments, "attachments", 0, "Its files, as of an entry; they are in the mail alone."));
static SHAPE(CONSENT, consent_params, "ConsentParams", "Whether we may write on our own account.",
    UUID_REQ(consent_params, identity_id, "identity_id", "To which identity."),
    ENUM_REQ(consent_params, consent, "consent", CONSENT_NAMES, "What the person said."),
    TEXT(consent_params, source, "source", 200, "How we know."));
static SHAPE(OF_IDENTITY, of_identity, "OfIdentity", "Of one identity.",
    UUID_REQ(of_identity, identity_id, "identity_id", "The identity."));

static bool give_entry(struct call *call, const struct entry *e)
{
    if (e) {
        *(struct entry *)call->result = *e;
        call_close_entries(call, call->result, 1);
    }
    return e != NULL;
}

static bool fetch_files(struct call *call)
{
    const struct fetch_params *p = call->params;
    struct act act = act_of(call);
    return give_entry(call, act_fetch(&act, &p->id));
}

static bool move_entry(struct call *call)
{
    const struct move_params *p = call->params;
    struct act act = act_of(call);
    return give_entry(call, act_move_entry(&act, &p->entry_id, &p->customer_id, p->reason));
}

static bool move_entry_back(struct call *call)
{
    const struct back_params *p = call->params;
    struct act act = act_of(call);
    return give_entry(call, act_move_back(&act, &p->entry_id));
}

static bool pin(struct call *call)
{
    const struct pin_params *p = call->params;
    struct act act = act_of(call);
    return give_entry(call, act_pin(&act, &p->id, p->pinned));
}

static bool open_mail(struct call *call)
{
    const struct open_params *p = call->params;
    struct act act = act_of(call);
    struct entry mail;
    if (!act_read_attached(&act, &p->id, p->sha256, &mail))
        return false;
    struct uuid customer = entry_customer(call->db, call->arena, &p->id);
    call_accessed(call, &customer, ACCESS_ENTRY);
    *(struct opened_mail *)call->result = (struct opened_mail){.author_name = mail.author_name,
                                                               .occurred_at = mail.occurred_at,
                                                               .subject = mail.subject,
                                                               .text = mail.text,
                                                               .html = mail.html,
                                                               .payload = mail.payload,
                                                               .attachments = mail.attachments};
    return true;
}

/* To send on what somebody has sent, without carrying it through a browser. */
static bool take_files_again(struct call *call)
{
    const struct fetch_params *p = call->params;
    struct entry *e = entry_get(call->db, call->arena, &p->id);
    if (!call_db_fine(call))
        return false;
    if (!e || !entry_may_read(e, (int)call->caller.role))
        return call_refuse(call, "id", no_entry);
    struct uuid customer = entry_customer(call->db, call->arena, &p->id);
    call_accessed(call, &customer, ACCESS_ENTRY);
    struct list held = entry_files(call->arena, e), given = {0};
    bool done = file_again(call, &held, &given);
    ((struct again *)call->result)->files = given;
    return done;
}

static bool give_identity(struct call *call, bool done, const struct uuid *id)
{
    struct identity *d = done ? identity_by_id(call->db, call->arena, id) : NULL;
    if (d) {
        *(struct identity *)call->result = *d;
        call_close_identity(call, call->result);
    }
    return d != NULL;
}

static bool set_consent(struct call *call)
{
    const struct consent_params *p = call->params;
    struct act act = act_of(call);
    return give_identity(call, act_set_consent(&act, &p->identity_id, p->consent, p->source), &p->identity_id);
}

static bool clear_bounce_of_identity(struct call *call)
{
    const struct of_identity *p = call->params;
    struct act act = act_of(call);
    return give_identity(call, act_clear_bounce(&act, &p->identity_id), &p->identity_id);
}

METHODS(ENTRY_METHODS,
    METHOD("entry.move", "Files an entry with another person; where it came in, a stub leads there. The new entry.", ROLE_AGENT, 0, EFFECT_NONE, &MOVE, &ENTRY_SHAPE, move_entry, .audits = AUDITS(MOVE)),
    METHOD("entry.move_back", "Takes a move back. The original entry.", ROLE_AGENT, 0, EFFECT_NONE, &BACK, &ENTRY_SHAPE, move_entry_back, .audits = AUDITS(MOVE_BACK)),
    METHOD("entry.fetch", "Fetches again what could not be had of the files that a provider keeps. The entry, whose files then wait.", ROLE_AGENT, 0, EFFECT_NONE, &FETCH, &ENTRY_SHAPE, fetch_files),
    METHOD("entry.open_mail", "Reads a mail that is attached to an entry.", ROLE_AGENT, METHOD_READS, EFFECT_NONE, &OPEN, &OPENED, open_mail),
    METHOD("entry.files", "Handles for the files of an entry, so that they can be sent on.", ROLE_AGENT, METHOD_SENDS, EFFECT_NONE, &FETCH, &AGAIN, take_files_again),
    METHOD("entry.pin", "Lets an entry stay on top of the person's page, or no longer.", ROLE_AGENT, 0, EFFECT_NONE, &PIN, &ENTRY_SHAPE, pin),
    METHOD("identity.set_consent", "Whether we may write to an identity on our own account; told in the timeline.", ROLE_AGENT, 0, EFFECT_NONE, &CONSENT, &IDENTITY_SHAPE, set_consent, .audits = AUDITS(CONSENT)),
    METHOD("identity.clear_bounce", "What was sent there came back, but is worth another try.", ROLE_AGENT, 0, EFFECT_NONE, &OF_IDENTITY, &IDENTITY_SHAPE, clear_bounce_of_identity));
