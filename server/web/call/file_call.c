#include "web/call/file_call.h"
#include "api/method.h"

#include "api/file.h"
#include "base/text.h"
#include "desk/ground/blob.h"
#include "web/call/http_call.h"
#include "web/call/identify.h"
#include "web/call/thumb_call.h"
#include "web/http/reply_file.h"

#include <ctype.h>
#include <string.h>

#define FILE_NAME_MAX 200 /* characters */

/* Which file a call is about. */
struct file_call {
    const char *name, *type;
    struct file_wish wish; /* of a download … */
    bool harmless;         /* … and what came of it: a browser may show it in place */
    const char *link;      /* of whoever has no account */
    const char *size;      /* "": the file itself; else a small copy of it … */
    struct thumb_wish thumb;
    enum thumb_state thumb_state;
};

/* ---- on the worker ---- */

static bool may_use_files(struct rpc *r, unsigned scopes)
{
    if (r->call.caller.role == ROLE_VISITOR ? !identify_visitor(r) : !identify_caller(r))
        return false;
    if (r->call.caller.role == ROLE_NONE)
        return error_general(&r->call.err, ERR_UNAUTHENTICATED);
    return caller_has_scope(&r->call.caller, scopes) || error_set(&r->call.err, NULL, token_files);
}

static bool find_thumb(struct rpc *r, struct file_call *f)
{
    int size = names_find(THUMB_SIZE_NAMES, f->size);
    if (size < 0)
        return error_set(&r->call.err, "size", one_of, "size", "small, large");
    f->thumb = (struct thumb_wish){f->wish.sha256, (enum thumb_size)size};
    f->thumb_state = thumb_find(r->server->desk->blob_dir, f->wish.sha256, f->thumb.size);
    return (f->harmless && f->thumb_state != THUMB_NONE) || error_set(&r->call.err, NULL, no_thumbnail);
}

static bool run_download(struct rpc *r)
{
    struct file_call *f = r->more;
    return may_use_files(r, TOKEN_READ) && file_may_read(&r->call, &f->wish, &f->harmless) &&
           (!f->size[0] || find_thumb(r, f));
}

static bool run_by_link(struct rpc *r)
{
    struct file_call *f = r->more;
    struct attachment file = {0};
    if (!file_by_link(&r->call, f->link, &file))
        return false;
    f->wish.sha256 = file.sha256;
    f->name = file.name && file.name[0] ? file.name : f->name;
    f->type = file.type ? file.type : f->type;
    f->harmless = file.scan == FILE_CLEAN;
    return true;
}

static bool run_upload(struct rpc *r)
{
    const struct file_call *f = r->more;
    struct file_given file = {f->name, f->type, r->body.data, r->body.len};
    return may_use_files(r, TOKEN_SEND | TOKEN_PUT) && file_take(&r->call, &file, &r->out);
}

/* ---- on the loop ---- */

static const char *query_value(struct arena *a, const char *query, const char *name, const char *none)
{
    struct form form;
    const char *value = form_parse(a, query, strlen(query), &form) ? form_get(&form, name) : NULL;
    return value && value[0] ? value : none;
}

/* On one line, and without what hides how it ends. */
static const char *name_given(struct arena *a, const char *query)
{
    const char *name = text_undisturbed(a, text_preview(a, query_value(a, query, "name", ""), FILE_NAME_MAX));
    return name[0] ? name : "file";
}

static struct rpc *file_call(struct http *h, bool (*work)(struct rpc *r), void (*done)(struct job *job))
{
    struct rpc *r = rpc_new(h->server->owner, h->serial, work, done);
    struct file_call *f = r->more = arena_alloc(r->arena, sizeof(*f));
    const char *type = work == run_upload ? h->content_type : query_value(r->arena, h->query, "type", "");
    f->name = name_given(r->arena, h->query);
    f->type = text_lower_ascii(r->arena, arena_strndup(r->arena, type, strcspn(type, ";, \r\n")));
    if (!f->type[0])
        f->type = "application/octet-stream";
    f->wish.sha256 = arena_strdup(r->arena, h->tail);
    f->size = query_value(r->arena, h->query, "size", "");
    f->wish.infected = strcmp(query_value(r->arena, h->query, "infected", "no"), "yes") == 0;
    if (work == run_upload)
        r->body = http_take_body(h);
    return r;
}

/* ---- uploads ---- */

static void chat_upload_done(struct job *job)
{
    struct rpc *r = CONTAINER_OF(job, struct rpc, job);
    http_call_reply(r);
    rpc_free(r);
}

static void identify_by_query(struct rpc *r, struct http *h)
{
    r->call.caller.role = ROLE_VISITOR;
    r->call.caller.address = arena_strdup(r->arena, h->address);
    r->bearer = arena_strdup(r->arena, h->visitor[0] ? h->visitor : query_value(r->arena, h->query, "token", ""));
    uuid_parse_text(query_value(r->arena, h->query, "channel", ""), &r->call.caller.visitor_channel);
}

void file_upload(struct http *h)
{
    struct rpc *r = file_call(h, run_upload, http_call_done);
    identify_by_request(r, h);
    http_call_submit(r);
}

void file_chat_upload(struct http *h)
{
    struct rpc *r = file_call(h, run_upload, chat_upload_done);
    identify_by_query(r, h);
    http_call_submit(r);
}

/* ---- downloads ---- */
/* RFC 6266: in whatever script, and once more for those who know ASCII alone. */
static const char *disposition(struct arena *a, const char *name, bool shown)
{
    AUTO_BUF struct buf plain = {0};
    for (const char *at = name; *at; at++) {
        bool begins = ((unsigned char)*at & 0xc0) != 0x80; /* a character, not the rest of one */
        if (begins)
            buf_putc(&plain, isalnum((unsigned char)*at) || strchr(".-_ ", *at) ? *at : '_');
    }
    return arena_printf(a, "%s; filename=\"%s\"; filename*=UTF-8''%s", shown ? "inline" : "attachment", plain.data,
                        url_encoded(a, name, ""));
}

/* Only types that cannot run anything are shown in place; all else is saved. */
static bool is_shown(const char *type)
{
    static const char *const SHOWN[] = {"image/png",  "image/jpeg", "image/gif",  "image/webp", "application/pdf",
                                        "audio/mpeg", "audio/wav",  "audio/ogg",  "audio/mp4",  "audio/aac",
                                        "audio/webm", "video/mp4",  "video/webm", "text/plain"};
    for (size_t i = 0; i < COUNT_OF(SHOWN); i++)
        if (strcmp(SHOWN[i], type) == 0)
            return true;
    return false;
}

static const char *file_headers(struct rpc *r, const struct file_call *f, bool shown)
{
    return arena_printf(r->arena,
                        "Content-Disposition: %s\r\n"
                        "Content-Security-Policy: default-src 'none'; sandbox\r\n"
                        "Cache-Control: %s\r\n",
                        disposition(r->arena, f->name, shown),
                        f->harmless && !f->link ? "private, max-age=86400" : "no-store");
}

static void send_file(struct rpc *r)
{
    const struct file_call *f = r->more;
    const char *dir = r->server->desk->blob_dir;
    bool small = f->size[0] != '\0', shown = small || (f->harmless && is_shown(f->type));
    if (!r->fine)
        http_reply_error(&r->server->http, r->serial, &r->call.err);
    else
        http_reply_file(&r->server->http, r->serial,
                        small ? thumb_path(r->arena, dir, f->wish.sha256, f->thumb.size)
                              : blob_path(r->arena, dir, f->wish.sha256),
                        small   ? "image/webp"
                        : shown ? f->type
                                : "application/octet-stream",
                        file_headers(r, f, shown));
    rpc_free(r);
}

static void download_done(struct job *job)
{
    struct rpc *r = CONTAINER_OF(job, struct rpc, job);
    const struct file_call *f = r->more;
    if (r->fine && f->size[0] && f->thumb_state == THUMB_MISSING)
        thumb_make(r, &f->thumb, send_file);
    else
        send_file(r);
}

void file_download(struct http *h)
{
    struct rpc *r = file_call(h, run_download, download_done);
    identify_by_request(r, h);
    r->needs_origin = false;
    http_call_submit(r);
}

void file_by_link_download(struct http *h)
{
    struct rpc *r = file_call(h, run_by_link, download_done);
    struct file_call *f = r->more;
    *f = (struct file_call){.link = f->wish.sha256, .name = "file", .type = "application/octet-stream", .size = ""};
    http_call_submit(r);
}

/* Never a small copy: making one of what a stranger brings takes a second, and all agents wait behind it. */
void file_chat_download(struct http *h)
{
    struct rpc *r = file_call(h, run_download, download_done);
    struct file_call *f = r->more;
    f->size = "";
    identify_by_query(r, h);
    http_call_submit(r);
}
