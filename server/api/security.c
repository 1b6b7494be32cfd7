#include "api/security.h"

#include "base/log.h"
#include "store/agent.h"
#include "store/session.h"

#include <pthread.h>
#include <string.h>

struct audit audit_of(const struct call *call, enum audit_action action, const char *subject)
{
    const struct caller *c = &call->caller;
    audit_check(call->audits, action);
    return (struct audit){.at = call->now,
                          .agent = c->agent_key,
                          .agent_id = c->agent_id,
                          .token = c->token_id,
                          .session = caller_session(c),
                          .address = c->address,
                          .action = action,
                          .subject = subject};
}

struct audit *audited_note(struct audited *s, enum audit_action action, const char *subject)
{
    struct audit *row = list_grow(s->call->arena, &s->rows, sizeof(*row));
    *row = audit_of(s->call, action, subject);
    return row;
}

static bool still_may(struct db *db, const struct audited *s)
{
    struct call *call = s->call;
    const struct caller *c = &call->caller;
    bool may = true;
    if (c->has_session) {
        const char *password = NULL;
        struct agent *agent = agent_lock(db, call->arena, &c->agent_id, &password);
        may = agent && agent->active && agent->role == (int)c->role && session_lock(db, call->arena, c->login_hash);
    } else if (!uuid_is_none(&c->token_id)) {
        may = token_lock(db, call->arena, c->login_hash);
    }
    return may || (db_failure(db) == DB_FINE && error_general(&call->err, ERR_UNAUTHENTICATED));
}

static bool change_and_note(struct db *db, void *arg)
{
    struct audited *s = arg;
    s->rows = (struct list){0};
    if ((!s->anybody && !still_may(db, s)) || !s->change(db, s))
        return false;
    for (size_t i = 0; i < s->rows.n; i++)
        audit_add(db, s->call->arena, (struct audit *)s->rows.items + i);
    return true;
}

bool call_audited(struct audited *s)
{
    if (!db_transact(s->call->db, change_and_note, s, &s->call->err))
        return false;
    for (size_t i = 0; i < s->rows.n; i++)
        security_event(s->call->arena, (struct audit *)s->rows.items + i);
    return true;
}

/* ---- the log ---- */

static const char *quoted_facts(struct arena *a, const char *text)
{
    AUTO_BUF struct buf out = {0};
    text = text ? text : "";
    buf_json_string(&out, text, strlen(text));
    return arena_strdup(a, out.data);
}

static const char *who(struct arena *a, const struct audit *d)
{
    char id[UUID_TEXT_SIZE];
    bool agent = !uuid_is_none(&d->agent_id);
    if (!agent && uuid_is_none(&d->token))
        return "nobody";
    uuid_format(agent ? &d->agent_id : &d->token, id);
    return arena_printf(a, "%s:%s", agent ? "agent" : "token", id);
}

static void write_event(struct arena *a, const struct audit *d, const char *more)
{
    char session[UUID_TEXT_SIZE] = "-";
    if (!uuid_is_none(&d->session))
        uuid_format(&d->session, session);
    log_security("event=%s by=%s session=%s address=%s subject=%s before=%s after=%s%s", AUDIT_ACTION_NAMES[d->action],
                 who(a, d), session, d->address ? d->address : "-", quoted_facts(a, d->subject),
                 d->before ? d->before : "{}", d->after ? d->after : "{}", more);
}

void security_event(struct arena *a, const struct audit *audit)
{
    write_event(a, audit, "");
}

void security_event_of_stranger(struct arena *a, const struct audit *audit, int64_t now)
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    static int64_t since, lines, left_out;
    pthread_mutex_lock(&lock);
    if (!since || now - since >= SECURITY_LINES_MS) {
        since = now;
        lines = 0;
    }
    bool write = lines < SECURITY_LINES_MAX;
    int64_t missing = left_out;
    lines += write;
    left_out = write ? 0 : left_out + 1;
    pthread_mutex_unlock(&lock);
    if (write)
        write_event(a, audit, missing ? arena_printf(a, " left_out=%lld", (long long)missing) : "");
}

/* ---- what was, and what is ---- */

void facts_text(struct buf *facts, const char *name, const char *value)
{
    if (value)
        json_put_text(facts, name, value);
}

const char *facts_end(struct arena *a, struct buf *facts)
{
    const char *text = facts->len ? arena_printf(a, "{%s}", facts->data) : NULL;
    buf_free(facts);
    return text;
}
