#include "api/file.h"

#include "api/security.h"
#include "api/shapes.h"
#include "api/throttle.h"
#include "base/address.h"
#include "base/clock.h"
#include "channel/attach.h"
#include "desk/conversation/rules.h"
#include "desk/ground/blob.h"
#include "desk/ground/link.h"
#include "desk/ground/scan.h"
#include "store/entry.h"
#include "store/task.h"
#include "store/upload.h"

SHAPE(UPLOAD_SHAPE, uploaded, "Upload", "A file that was brought, and how to name it.",
    TEXT_REQ(uploaded, upload, "upload", UPLOAD_HANDLE_MAX, "Its handle: name it in message.send, note.add, chat.send or import.start. Nobody else can."),
    TIME(uploaded, expires_at, "expires_at", "Until then; what no message holds by then is removed."),
    TEXT(uploaded, name, "name", 255, "File name."),
    TEXT_REQ(uploaded, type, "type", 127, "MIME type."),
    INT(uploaded, size, "size", 0, 0, "Bytes."),
    TEXT_REQ(uploaded, sha256, "sha256", 64, "Of the content, hexadecimal."),
    TEXT_REQ(uploaded, url, "url", 500, "Path of its content on this server."),
    TEXT(uploaded, cid, "cid", 255, "Of a picture that the text of its entry, or draft, shows in its place: by what Content-ID."));

/* Who the caller is as the bringer of files: the agent in whatever browser, the token, the visitor of the channel. */
static void file_owner(struct call *call, uint8_t out[SHA256_SIZE])
{
    const struct caller *c = &call->caller;
    char id[UUID_TEXT_SIZE];
    bool agent = !uuid_is_none(&c->agent_id), visitor = c->role == ROLE_VISITOR;
    uuid_format(visitor ? &c->visitor_channel : agent ? &c->agent_id : &c->token_id, id);
    const char *text = arena_printf(call->arena, "%s:%s:%s",
                                    visitor ? "visitor"
                                    : agent ? "agent"
                                            : "token",
                                    id, visitor ? c->visitor_value : "");
    crypto_sha256(text, strlen(text), out);
}

static bool may_bring(struct call *call, size_t n)
{
    char prefix[ADDRESS_PREFIX_SIZE];
    int64_t size = (int64_t)n > THROTTLE_UPLOAD_LEAST ? (int64_t)n : THROTTLE_UPLOAD_LEAST, wait = 0;
    address_prefix(call->caller.address, prefix);
    if (call->caller.role != ROLE_VISITOR ||
        throttle_spend(THROTTLE_UPLOADS, prefix, size, THROTTLE_UPLOADS_MAX, clock_monotonic(), &wait))
        return true;
    call_refuse(call, NULL, files_limit);
    call->err.retry_after_ms = wait;
    return false;
}

static const char *url_of(struct call *call, const char *sha256)
{
    bool visitor = call->caller.role == ROLE_VISITOR;
    return arena_printf(call->arena, "%s/attachments/%s", visitor ? "/chat" : "", sha256);
}

/* A handle of the caller's for content that is in the store. */
static bool hand_out(struct call *call, const struct attachment *file, struct uploaded *ret)
{
    char handle[TOKEN_TEXT_SIZE];
    struct upload u = {.size = file->size, .expires_at = call->now + UPLOAD_KEEP_MS};
    crypto_token(handle);
    crypto_sha256(handle, strlen(handle), u.handle_hash);
    crypto_unhex(file->sha256, u.sha256, sizeof(u.sha256));
    file_owner(call, u.owner);
    upload_insert(call->db, &u);
    scan_of_wanted(call->desk, call->db, call->arena, file->sha256, call->now);
    *ret = (struct uploaded){.upload = arena_strdup(call->arena, handle),
                             .expires_at = u.expires_at,
                             .name = file->name,
                             .type = file->type,
                             .size = u.size,
                             .sha256 = file->sha256,
                             .url = url_of(call, file->sha256),
                             .cid = file->is_inline ? file->cid : NULL};
    return call_db_fine(call);
}

bool file_take(struct call *call, const struct file_given *given, struct buf *out)
{
    char hex[BLOB_HEX_SIZE];
    struct uploaded result;
    struct attachment file = {.name = given->name, .type = given->type, .size = (int64_t)given->len, .sha256 = hex};
    if (!may_bring(call, given->len) || !blob_put(call->desk->blob_dir, given->data, given->len, hex, &call->err) ||
        !hand_out(call, &file, &result))
        return false;
    field_encode(&UPLOAD_SHAPE, &result, out);
    return true;
}

bool file_again(struct call *call, const struct list *files, struct list *ret)
{
    for (size_t i = 0; i < files->n; i++) {
        const struct attachment *file = (const struct attachment *)files->items + i;
        struct uploaded *one = file->sha256 ? list_grow(call->arena, ret, sizeof(*one)) : NULL;
        if (one && !hand_out(call, file, one))
            return false;
    }
    return true;
}

static void name_upload(struct call *call, const char *handle, struct upload *ret)
{
    crypto_sha256(handle, strlen(handle), ret->handle_hash);
    file_owner(call, ret->owner);
}

void file_still_there(struct call *call, struct list *files)
{
    struct uploaded *items = files->items;
    size_t n = 0;
    for (size_t i = 0; i < files->n; i++) {
        struct upload u;
        char *hex = arena_alloc(call->arena, BLOB_HEX_SIZE);
        name_upload(call, items[i].upload, &u);
        if (!upload_find(call->db, call->arena, &u, call->now))
            continue;
        crypto_hex(u.sha256, sizeof(u.sha256), hex);
        items[n] = items[i];
        items[n].size = u.size;
        items[n].expires_at = u.expires_at;
        items[n].sha256 = hex;
        items[n++].url = url_of(call, hex);
    }
    files->n = n;
}

void file_keep(struct call *call, const struct list *files, int64_t until)
{
    const struct uploaded *items = files->items;
    for (size_t i = 0; i < files->n; i++) {
        struct upload u = {.expires_at = until};
        name_upload(call, items[i].upload, &u);
        upload_keep(call->db, &u, call->now);
    }
}

bool file_named(struct call *call, const char *handle, const char *field, struct attachment *ret)
{
    struct upload u;
    char *hex = arena_alloc(call->arena, BLOB_HEX_SIZE);
    name_upload(call, handle, &u);
    bool found = upload_find(call->db, call->arena, &u, call->now);
    if (!call_db_fine(call))
        return false;
    if (!found)
        return call_refuse(call, field, file_gone);
    crypto_hex(u.sha256, sizeof(u.sha256), hex);
    ret->sha256 = hex;
    ret->size = u.size;
    return true;
}

/* The result of a task is for those who might ask for it themselves. */
static bool may_read_result(struct call *call, const char *hex)
{
    struct task *task = task_with_file(call->db, call->arena, hex);
    int role = (int)call->caller.role;
    if (!task)
        return false;
    if (task->kind == TASK_IMPORT)
        return role >= ROLE_ADMIN;
    if (task->kind != TASK_EXPORT || role < ROLE_SUPERVISOR ||
        entry_closed_to(call->db, call->arena, task->customer, role))
        return false;
    struct audit audit = audit_of(call, AUDIT_EXPORT_READ, task->title);
    audit.customer = task->customer;
    audit_add(call->db, call->arena, &audit);
    audit.subject = NULL; /* the person's name is not for the log */
    security_event(call->arena, &audit);
    return true;
}

static bool is_for(struct call *call, const uint8_t sha256[SHA256_SIZE], const char *hex)
{
    uint8_t owner[SHA256_SIZE];
    const struct caller *c = &call->caller;
    file_owner(call, owner);
    if (upload_is_own(call->db, call->arena, sha256, owner, call->now))
        return true;
    if (c->role == ROLE_VISITOR)
        return c->identity_key && blob_is_in_chat(call->db, call->arena, sha256, c->identity_key);
    return blob_is_readable(call->db, call->arena, sha256, (int)c->role) ||
           (c->role >= ROLE_SUPERVISOR && may_read_result(call, hex));
}

/* What holds a virus, or may, for somebody who knows. */
static bool take_infected(struct call *call, const struct file_scan *scan)
{
    if (call->caller.role != ROLE_ADMIN)
        return call_refuse(call, NULL, role_missing, "infected", ROLE_NAMES[ROLE_ADMIN]);
    struct audit audit = audit_of(call, AUDIT_INFECTED_READ, scan->sha256);
    struct buf facts = {0};
    facts_text(&facts, "found", scan->found);
    audit.after = facts_end(call->arena, &facts);
    audit_add(call->db, call->arena, &audit);
    security_event(call->arena, &audit);
    return call_db_fine(call);
}

bool file_may_read(struct call *call, const struct file_wish *wish, bool *ret_harmless)
{
    uint8_t sha256[SHA256_SIZE];
    const char *hex = wish->sha256;
    bool may = crypto_unhex(hex, sha256, sizeof(sha256)) && blob_exists(call->desk->blob_dir, hex, NULL) &&
               is_for(call, sha256, hex);
    if (!call_db_fine(call))
        return false;
    if (!may)
        return call_refuse(call, NULL, no_file);
    struct file_scan scan = scan_of_wanted(call->desk, call->db, call->arena, hex, call->now);
    if (!call_db_fine(call))
        return false;
    *ret_harmless = scan.state == FILE_CLEAN;
    struct error kept_back = {0};
    if (scan_lets_through(&scan, NULL, &kept_back)) /* nobody need insist */
        return true;
    if (wish->infected)
        return take_infected(call, &scan);
    call->err = kept_back;
    return false;
}

static const struct attachment *find_held(struct call *call, const struct entry *e, const char *sha256)
{
    struct list files = entry_files(call->arena, e);
    for (size_t i = 0; i < files.n; i++) {
        const struct attachment *file = (const struct attachment *)files.items + i;
        if (file->sha256 && strcmp(file->sha256, sha256) == 0)
            return file;
    }
    return NULL;
}

const struct attachment *file_of_entry(struct call *call, const struct uuid *entry, const char *sha256)
{
    struct entry *e = entry_get(call->db, call->arena, entry);
    if (!call_db_fine(call))
        return NULL;
    if (!e || !entry_may_read(e, (int)call->caller.role)) {
        call_refuse(call, "entry_id", no_entry);
        return NULL;
    }
    const struct attachment *file = find_held(call, e, sha256);
    if (!file)
        call_refuse(call, "sha256", no_file);
    return file;
}

bool file_by_link(struct call *call, const char *text, struct attachment *ret)
{
    struct link link;
    uint8_t sha256[SHA256_SIZE];
    if (!link_read(call->arena, call->desk->secret_key, LINK_FOR_PERSON, text, &link) || link.until <= call->now ||
        !crypto_unhex(link.sha256, sha256, sizeof(sha256)))
        return call_refuse(call, NULL, no_file);
    struct entry *e = blob_holder(call->db, call->arena, sha256);
    const struct attachment *file = e ? find_held(call, e, link.sha256) : NULL;
    bool here = file && blob_exists(call->desk->blob_dir, link.sha256, NULL);
    struct file_scan scan = {0};
    if (here)
        scan = scan_of_wanted(call->desk, call->db, call->arena, link.sha256, call->now);
    if (!call_db_fine(call))
        return false;
    if (!here)
        return call_refuse(call, NULL, no_file);
    *ret = *file;
    /* Whose entry it was read from is chance, and what they call it is not for everybody. */
    ret->name = arena_printf(call->arena, "file.%s", ending_of_type(file->type));
    ret->scan = (int)scan.state;
    return scan_lets_through(&scan, NULL, &call->err);
}
