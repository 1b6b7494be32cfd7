/* The process that takes inputs apart: one at a time, each with its own limits, until the line is closed. */
#include "parser/parser.h"

#include "apart/sandbox.h"
#include "base/crypto.h"
#include "channel/charset.h"
#include "channel/mime.h"
#include "channel/phone.h"
#include "channel/signature_pgp.h"
#include "channel/signature_smime.h"
#include "channel/signer_read.h"
#include "parser/message.h"
#include "parser/read_key.h"

#include <stdio.h>
#include <unistd.h>

/* What libraries read from files or make once, while that can be had. */
static void warm_up(void)
{
    AUTO_ARENA struct arena *a = arena_new();
    char number[PHONE_TEXT_SIZE];
    int64_t at;
    mime_init();
    charset_preload();
    phone_normalise("+819012345678", "JP", number);
    mime_addresses(a, "A <a@b.example>");
    mime_param(a, "text/plain; charset=utf-8", "charset");
    mime_date("Mon, 16 Nov 2026 18:30:00 +0900", &at);
    crypto_init();
    smime_init();
    pgp_init();
}

static bool read_order(const char *message, size_t n, struct arena *a, struct parse_order *ret)
{
    struct frame f = {.at = (const uint8_t *)message, .end = (const uint8_t *)message + n};
    if (!record_take(&f, &PARSE_ORDER_RECORD, a, ret))
        return false;
    uint64_t body_len = frame_take_number(&f);
    if (f.broken || (uint64_t)(f.end - f.at) != body_len + 1)
        return false;
    ret->request.body = (const char *)f.at;
    ret->request.body_len = body_len;
    return true;
}

static void put_output_json(void *object)
{
    json_object_put(object);
}

static void parse_job_input(const struct parse_order *order, struct arena *a, struct parse_answer *ret)
{
    struct channel_account account = {.type = channel_type_find(order->type), .name = "", .active = true};
    struct error err = {0};
    account.webhook_url = order->webhook_url;
    account.signers = &order->signers;
    account.settings = json_parse(order->settings, strlen(order->settings), NULL);
    arena_on_free(a, put_output_json, account.settings);
    mime_read_extras(!order->plainly);
    ret->understood = account.type && account.type->parse(&account, &order->request, a, &ret->list, &err);
    ret->reason = ret->understood ? NULL : err.code ? error_said(a, &err) : said(a, not_understood);
}

static void allow_input(size_t n)
{
    sandbox_allow(&(struct sandbox_room){.memory = PARSE_MEMORY_FACTOR * n + PARSE_MEMORY_BASE,
                                         .cpu_ms = n / 100000 * PARSE_CPU_MS_PER_100KB});
}

static void put_payloads(struct buf *out, struct arena *a, const struct inbound_list *list)
{
    struct verify_answer answer = {0};
    for (size_t i = 0; i < list->n; i++)
        *(const char **)list_grow(a, &answer.payloads, sizeof(char *)) = list->items[i].payload;
    record_put(out, &VERIFY_ANSWER_RECORD, &answer);
}

static bool say_bytes(const struct buf *bytes)
{
    return process_say(PROCESS_FD, &(struct iovec){bytes->data, bytes->len}, 1);
}

static bool serve_one(void)
{
    size_t n;
    AUTO_FREE char *message = process_hear(PROCESS_FD, allow_input, &n);
    if (!message)
        return false;
    AUTO_ARENA struct arena *a = arena_new();
    AUTO_BUF struct buf out = {0};
    struct parse_order order;
    struct parse_answer answer = {0};
    if (!read_order(message, n, a, &order))
        return false;
    parse_job_input(&order, a, &answer);
    if (order.signers.n) {
        put_payloads(&out, a, &answer.list);
        return say_bytes(&out);
    }
    const struct iovec *parts = record_parts(&PARSE_ANSWER_RECORD, &answer, &out, a, &n);
    return process_say(PROCESS_FD, parts, n);
}

static void allow_key(size_t n)
{
    (void)n;
    sandbox_allow(&(struct sandbox_room){.memory = PARSE_MEMORY_BASE});
}

static bool read_one_key(void)
{
    size_t n;
    AUTO_FREE char *text = process_hear(PROCESS_FD, allow_key, &n);
    AUTO_ARENA struct arena *a = arena_new();
    AUTO_BUF struct buf out = {0};
    struct signer_facts facts;
    if (!text || n > SIGNER_TEXT_MAX + 1)
        return false;
    signer_read(a, text, &facts);
    record_put(&out, &SIGNER_FACTS_RECORD, &facts);
    return say_bytes(&out);
}

static int run_process(bool (*serve)(void))
{
    warm_up();
    if (!sandbox_enter(PROCESS_FD, false)) {
        fputs("throughline: the parser's process is started by the server alone, and could not give up its rights\n",
              stderr);
        return 1;
    }
    bool fine = process_say(PROCESS_FD, NULL, 0); /* ready */
    while (fine)
        fine = serve();
    _exit(0);
}

int parser_process(void)
{
    return run_process(serve_one);
}

int key_reader_process(void)
{
    return run_process(read_one_key);
}
