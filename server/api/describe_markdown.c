/* docs/API.md. */
#include "api/describe.h"

#include "api/describe_kinds.h"
#include "api/describe_shapes.h"
#include "api/methods.h"
#include "api/payload.h"
#include "api/push.h"

#include <stdio.h>

static const char *md_type(const struct field *f, struct buf *scratch)
{
    buf_clear(scratch);
    for (const char *const *n = f->kind == FIELD_ENUM ? f->names : NULL; n && *n; n++)
        if ((*n)[0])
            buf_printf(scratch, "%s`%s`", scratch->len ? ", " : "", *n);
    if (FIELD_KIND_WORDS[f->kind].markdown)
        buf_puts(scratch, FIELD_KIND_WORDS[f->kind].markdown);
    else if (f->shape)
        buf_printf(scratch, "%s%s", f->kind == FIELD_LIST ? "list of " : "", f->shape->name);
    return scratch->data;
}

static void md_shape(const struct shape *shape, struct buf *out)
{
    AUTO_BUF struct buf scratch = {0};
    buf_printf(out, "### %s\n\n%s\n\n| field | type | |\n|---|---|---|\n", shape->name, shape->help);
    for (const struct field *f = field_first(shape); f; f = field_next(f))
        buf_printf(out, "| `%s`%s | %s | %s |\n", f->name, (f->flags & FIELD_REQUIRED) ? " *" : "",
                   md_type(f, &scratch), f->help);
    buf_puts(out, "\n");
}

static void md_method(const struct method *m, struct buf *out)
{
    static const struct {
        unsigned flag;
        const char *text;
    } SAYS[] = {{METHOD_SOCKET_ONLY, " WebSocket only."},
                {METHOD_HTTP_ONLY, " HTTP only."},
                {METHOD_ONCE, " Not to be asked again after a lost answer: it would be done twice."}};
    AUTO_BUF struct buf scopes = {0};
    buf_printf(out, "| `%s` | %s | %s | %s | %s | %s", m->name, m->needs ? ROLE_NAMES[m->needs] : "anybody",
               method_scope_words(m, &scopes), shape_ref(m->params) ? shape_ref(m->params) : "–",
               shape_ref(m->result) ? shape_ref(m->result) : "–", m->help);
    for (size_t i = 0; i < COUNT_OF(SAYS); i++)
        buf_puts(out, m->flags & SAYS[i].flag ? SAYS[i].text : "");
    if (m->audits) {
        buf_puts(out, " Audited as `");
        method_audit_words(m, "`, `", out);
        buf_puts(out, "`.");
    }
    buf_puts(out, " |\n");
}

void describe_markdown(struct buf *out)
{
    buf_puts(
        out,
        "# API\n\nMade by `./dev generate` from the server's method table.\n\n"
        "Every method is called as `POST /api/v1/<method>` with a JSON object and `Authorization: Bearer <token>`, or "
        "on the\n"
        "WebSocket `/ws` as JSON-RPC 2.0: `{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"…\",\"params\":{…}}`. Fields "
        "marked * are required; unknown\n"
        "fields are refused by name, while answers may have more fields later: ignore what you do not know. The same "
        "as "
        "OpenAPI 3.1:\n"
        "`GET /api/v1/openapi.json`, to anybody.\n\n"
        "A WebSocket must name its sub-protocol (`Sec-WebSocket-Protocol`): `throughline` for agents and tokens, with "
        "`Authorization`\n"
        "as above, and `throughline-chat` for visitors of a chat; without one it is refused with 400. On it a call "
        "without an id is not answered, and up to 64 calls may "
        "come as "
        "one array\n"
        "(JSON-RPC 2.0 §4.1, §6). Files: `POST /api/v1/attachments?name=…` with the bytes as the body and their\n"
        "Content-Type answers an Upload, whose handle only the same caller can name in a message, for a day. `GET\n"
        "/attachments/<sha256>` gives a file to those who may read an entry that holds it, to who brought it, and, "
        "when it\n"
        "is the result of a task, to those who might ask for it; with `?size=small` or `large` a small copy of a "
        "picture, as "
        "WebP (404 `no_thumbnail`: there is none). While a virus scanner has not looked at it, or when it has found "
        "something, that is a 403 (`file_unscanned`, `file_infected`); `?infected=yes` gives it to an administrator "
        "all "
        "the same. `GET /files/<link>` gives a file to whoever has the link (file.link).\n\n"
        "A token has a role and scopes. `administer`: all that its role may. Without it, only the methods that name "
        "one of "
        "its\n"
        "scopes below: `read` and `send` as far as its role goes (`read` is needed for the WebSocket and for files "
        "too, "
        "`send` or `put` for\n"
        "uploads; what it sends bears the token's name, is shown as a bot's, and goes by the channels that the token "
        "names, if it names some), and `put` whatever its role, into the channels that it names "
        "and "
        "no\n"
        "others. What scopes a method takes is a column of the method table: a new method takes none but "
        "`administer`.\n\n"
        "An id is a UUID such as `0192f0c1-7d5e-7cc3-98c4-dc0c0c07398f`; a `client_id` is one that the caller has "
        "made, for each thing\n"
        "to do, and names again when it tries again. A time is written in UTC such as `2026-11-21T20:41:25Z`.\n\n"
        "## Errors\n\nOver HTTP the body is `{\"error\":{\"code\",\"message\",\"data\":{\"kind\",\"field\"}}}`. "
        "`field` names what is wrong\n"
        "or missing, else it is null. Why it is refused is said by `reason` in `data`, with `params`: a saying "
        "(below); "
        "where there is none,\n"
        "the kind says all. `message` is the same in English. When to try again is said by `retry_after` in "
        "`data`, where it is known,\n"
        "and over HTTP by `Retry-After` with each 429 and 503; both are seconds.\n\n"
        "| kind | HTTP | JSON-RPC | |\n|---|---|---|---|\n");
    for (int e = ERR_NONE + 1; e < ERR_COUNT_; e++) {
        const struct error_row *r = error_row((enum error_code)e);
        buf_printf(out, "| `%s` | %d | %d | %s |\n", r->name, r->http_status, r->rpc_code, r->text);
    }
    describe_sayings_markdown(out);
    buf_puts(out, "\n## Methods\n\n| method | role | scopes | parameters | result | |\n|---|---|---|---|---|---|\n");
    for (const struct method *const *table = API_TABLES; *table; table++)
        for (const struct method *m = *table; m->name; m++)
            md_method(m, out);
    buf_puts(out,
             "\n## Notifications\n\nPushed on the WebSocket.\n\n| name | to | parameters | |\n|---|---|---|---|\n");
    for (const struct notification *n = NOTIFICATIONS + 1; n < NOTIFICATIONS + PUSHES_; n++)
        buf_printf(out, "| `%s` | %s | %s | %s |\n", n->name, PUSH_TO_WORDS[n->to], n->params->name, n->help);
    buf_puts(out, "\n## Payloads\n\nWhat an entry of each kind carries besides its words; each member may be missing, "
                  "and more may be there.\n\n| kind | |\n|---|---|\n");
    for (int kind = 0; PAYLOAD_SHAPES[kind]; kind++)
        buf_printf(out, "| `%s` | %s |\n", ENTRY_KIND_NAMES[kind], PAYLOAD_SHAPES[kind]->name);
    describe_kinds_markdown(out);
    buf_puts(out, "\n## Records\n\n");
    struct shape_set set = described_shapes();
    for (size_t i = 0; i < set.n; i++)
        md_shape(set.items[i], out);
}
