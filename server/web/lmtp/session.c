#include "web/lmtp/session.h"

#include "base/log.h"
#include "channel/mail.h"
#include "web/lmtp/command.h"
#include "web/state/server.h"

#define ERRORS_MAX 20 /* somebody who speaks no LMTP is not listened to for ever */

static const char *const REPLIES[] = {
    [REPLY_GREETING] = "220 throughline LMTP\r\n",
    [REPLY_OK] = "250 2.0.0 OK\r\n",
    [REPLY_BYE] = "221 2.0.0 Bye\r\n",
    [REPLY_RECIPIENT] = "250 2.1.5 OK\r\n",
    [REPLY_ASK_BY_RCPT] = "252 2.0.0 RCPT says whether it is there\r\n",
    [REPLY_SEND] = "354 End it with a dot on a line by itself\r\n",
    [REPLY_TAKEN] = "250 2.0.0 Kept\r\n",
    [REPLY_LATER] = "451 4.3.0 Nothing can be kept for the moment, try again\r\n",
    [REPLY_CROWDED] = "421 4.3.2 There are too many connections\r\n",
    [REPLY_STOPPING] = "421 4.3.2 The support desk is stopping\r\n",
    [REPLY_SILENT] = "421 4.4.2 Nothing has come for too long\r\n",
    [REPLY_ERRORS] = "421 4.7.0 There were too many errors\r\n",
    [REPLY_UNKNOWN] = "550 5.1.1 The support desk has no such address\r\n",
    [REPLY_RECIPIENTS] = "452 4.5.3 No more recipients of one mail are taken\r\n",
    [REPLY_LARGE] = "552 5.3.4 The mail is larger than the support desk takes\r\n",
    [REPLY_ORDER] = "503 5.5.1 This is not its place\r\n",
    [REPLY_NO_RECIPIENT] = "503 5.5.1 There is no recipient\r\n",
    [REPLY_NOT_SMTP] = "500 5.5.1 This is LMTP, which begins with LHLO\r\n",
    [REPLY_LONG] = "500 5.5.2 The line is too long\r\n",
    [REPLY_LINE] = "500 5.5.2 This is no command, or no line\r\n",
    [REPLY_ARGUMENT] = "501 5.5.4 An argument is missing, or one too many\r\n",
    [REPLY_SENDER] = "501 5.1.7 This is no sender\r\n",
    [REPLY_ADDRESS] = "501 5.1.3 This is no recipient\r\n",
    [REPLY_PARAMETER] = "555 5.5.4 There is no such parameter, or not so\r\n",
    [REPLY_UTF8] = "553 5.6.7 Letters beyond ASCII need SMTPUTF8\r\n",
};

static void put_reply(struct session *s, enum reply reply)
{
    buf_puts(&s->out, REPLIES[reply]);
}

void session_quit(struct session *s, enum reply why)
{
    put_reply(s, why);
    s->stage = SESSION_OVER;
}

static void put_error(struct session *s, enum reply reply)
{
    put_reply(s, reply);
    if (++s->errors >= ERRORS_MAX)
        session_quit(s, REPLY_ERRORS);
}

/* ---- the envelope --------------------------------------------------------------------------------------------------- */

static void reset(struct session *s)
{
    envelope_end(&s->envelope);
    body_drop(&s->body);
    if (s->stage > SESSION_IDLE)
        s->stage = SESSION_IDLE;
}

static void on_lhlo(struct session *s, const struct lmtp_command *c)
{
    (void)c;
    reset(s);
    s->stage = SESSION_IDLE;
    buf_puts(&s->out, "250-throughline\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n");
    buf_printf(&s->out, "250-ENHANCEDSTATUSCODES\r\n250 SIZE %d\r\n", MAIL_BODY_MAX);
}

static void on_helo(struct session *s, const struct lmtp_command *c)
{
    (void)c;
    put_error(s, REPLY_NOT_SMTP);
}

static bool is_spelled(bool utf8, struct span path)
{
    return utf8 || lmtp_is_ascii(path);
}

static void on_mail(struct session *s, const struct lmtp_command *c)
{
    struct accounts *accounts = s->server->accounts;
    if (loop_stops(&s->server->loop))
        session_quit(s, REPLY_STOPPING);
    else if (s->stage != SESSION_IDLE)
        put_error(s, REPLY_ORDER);
    else if (!is_spelled(c->utf8, c->path))
        put_error(s, REPLY_UTF8);
    else if (c->size > MAIL_BODY_MAX)
        put_reply(s, REPLY_LARGE);
    else if (!accounts || !s->server->database_ready) /* nobody must take it for a wrong address */
        put_reply(s, REPLY_LATER);
    else {
        envelope_begin(&s->envelope, accounts, c->path, c->utf8);
        s->stage = SESSION_MAIL;
        put_reply(s, REPLY_OK);
    }
}

static void refuse_recipient(struct session *s, struct span path)
{
    AUTO_ARENA struct arena *a = arena_new();
    lmtp_metrics.unknown++;
    log_info("recipient refused address=%s", log_quoted(arena_strndup(a, path.at, path.n)));
    put_reply(s, REPLY_UNKNOWN);
}

static void on_rcpt(struct session *s, const struct lmtp_command *c)
{
    if (s->stage != SESSION_MAIL) /* no error that counts: it may have been sent before MAIL was refused (RFC 2920) */
        put_reply(s, REPLY_ORDER);
    else if (!is_spelled(s->envelope.utf8, c->path))
        put_error(s, REPLY_UTF8);
    else if (s->envelope.recipients.n >= ENVELOPE_RECIPIENTS_MAX || s->envelope.refused >= ENVELOPE_REFUSED_MAX)
        put_reply(s, REPLY_RECIPIENTS);
    else if (envelope_add(&s->envelope, c->path))
        put_reply(s, REPLY_RECIPIENT);
    else
        refuse_recipient(s, c->path);
}

/* ---- the mail ------------------------------------------------------------------------------------------------------- */

static void refuse_data(struct session *s, enum reply why)
{
    s->data_refused = why;
    body_drop(&s->body);
}

static void add_data(struct session *s, const char *bytes, size_t n)
{
    if (s->data_refused)
        return;
    if (s->body.held + (long long)n > (long long)s->room + MAIL_BODY_MAX)
        refuse_data(s, REPLY_LARGE);
    else if (body_add(&s->body, bytes, n, 0) != ERR_NONE)
        refuse_data(s, REPLY_LATER);
}

static void on_data(struct session *s, const struct lmtp_command *c)
{
    AUTO_BUF struct buf lines = {0};
    (void)c;
    if (s->stage != SESSION_MAIL || !s->envelope.recipients.n) {
        put_reply(s, s->stage == SESSION_MAIL ? REPLY_NO_RECIPIENT : REPLY_ORDER);
        return;
    }
    s->stage = SESSION_DATA;
    s->dots = (struct dot_reader){0};
    s->data_refused = REPLY_NONE;
    body_init(&s->body, &s->server->http.bodies, s->server->http.blob_dir);
    envelope_lines(&s->envelope, NULL, &lines);
    s->room = lines.len;
    add_data(s, lines.data, lines.len);
    put_reply(s, REPLY_SEND);
}

static void data_over(struct session *s)
{
    if (!s->data_refused) {
        s->stage = SESSION_HANDED;
        mail_begin(s->server, &s->owner, &s->envelope, &s->body, s->room);
        return;
    }
    for (size_t i = 0; i < s->envelope.recipients.n; i++)
        put_reply(s, s->data_refused);
    reset(s);
}

static size_t take_mail_bytes(struct session *s, const char *bytes, size_t n)
{
    size_t used = 0;
    while (used < n && s->dots.place != DOT_OVER) {
        const char *text;
        size_t n_text;
        used += dot_read(&s->dots, bytes + used, n - used, &text, &n_text);
        if (n_text)
            add_data(s, text, n_text);
    }
    if (s->dots.place == DOT_OVER)
        data_over(s);
    return used;
}

void session_answer(struct session *s, const struct envelope *e)
{
    const struct recipient *all = e->recipients.items;
    for (size_t i = 0; i < e->recipients.n; i++)
        put_reply(s, all[i].outcome == ARRIVAL_TAKEN ? REPLY_TAKEN : REPLY_LATER);
    s->stage = SESSION_IDLE;
    if (loop_stops(&s->server->loop))
        session_quit(s, REPLY_STOPPING);
}

/* ---- the others ----------------------------------------------------------------------------------------------------- */

static void on_rset(struct session *s, const struct lmtp_command *c)
{
    (void)c;
    reset(s);
    put_reply(s, REPLY_OK);
}

static void on_noop(struct session *s, const struct lmtp_command *c)
{
    (void)c;
    put_reply(s, REPLY_OK);
}

static void on_vrfy(struct session *s, const struct lmtp_command *c)
{
    (void)c;
    put_reply(s, REPLY_ASK_BY_RCPT);
}

static void on_quit(struct session *s, const struct lmtp_command *c)
{
    (void)c;
    session_quit(s, REPLY_BYE);
}

static void (*const COMMANDS[LMTP_VERBS_])(struct session *s, const struct lmtp_command *c) = {
    [LMTP_LHLO] = on_lhlo, [LMTP_HELO] = on_helo, [LMTP_MAIL] = on_mail, [LMTP_RCPT] = on_rcpt, [LMTP_DATA] = on_data,
    [LMTP_RSET] = on_rset, [LMTP_NOOP] = on_noop, [LMTP_VRFY] = on_vrfy, [LMTP_QUIT] = on_quit,
};

static const enum reply FAULTS[] = {
    [LMTP_BAD_LINE] = REPLY_LINE,         [LMTP_BAD_ARGUMENT] = REPLY_ARGUMENT,   [LMTP_BAD_SENDER] = REPLY_SENDER,
    [LMTP_BAD_RECIPIENT] = REPLY_ADDRESS, [LMTP_BAD_PARAMETER] = REPLY_PARAMETER,
};

/* ---- bytes ---------------------------------------------------------------------------------------------------------- */

/* Only CRLF ends a line; one that ends otherwise is refused as a whole. */
static size_t take_command(struct session *s, const char *bytes, size_t n)
{
    const char *end = memchr(bytes, '\n', n < COMMAND_LINE_MAX ? n : COMMAND_LINE_MAX);
    struct lmtp_command command;
    if (!end) {
        if (n >= COMMAND_LINE_MAX)
            session_quit(s, REPLY_LONG);
        return 0;
    }
    enum lmtp_fault fault =
        end > bytes && end[-1] == '\r' ? lmtp_command_read(bytes, (size_t)(end - bytes) - 1, &command) : LMTP_BAD_LINE;
    if (fault == LMTP_FINE)
        COMMANDS[command.verb](s, &command);
    else
        put_error(s, FAULTS[fault]);
    return (size_t)(end - bytes) + 1;
}

size_t session_take(struct session *s, const char *bytes, size_t n)
{
    size_t used = 0, step = 1;
    while (step > 0 && used < n && s->stage < SESSION_HANDED) {
        step = s->stage == SESSION_DATA ? take_mail_bytes(s, bytes + used, n - used)
                                        : take_command(s, bytes + used, n - used);
        used += step;
    }
    return used;
}

/* ---- life ----------------------------------------------------------------------------------------------------------- */

void session_begin(struct session *s, struct server *server, const struct mail_owner *owner)
{
    *s = (struct session){.server = server, .owner = *owner};
    body_init(&s->body, &server->http.bodies, server->http.blob_dir);
}

void session_greet(struct session *s)
{
    put_reply(s, REPLY_GREETING);
}

void session_free(struct session *s)
{
    envelope_end(&s->envelope);
    body_drop(&s->body);
    buf_free(&s->out);
}
