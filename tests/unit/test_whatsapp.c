#include "channel_kit.h"

#define SETTINGS                                                                              \
    "{\"app_secret\":\"s3cret\",\"verify_token\":\"meatyhamhock\",\"access_token\":\"EAAx\"," \
    "\"phone_number_id\":\"106540352242922\",\"api_url\":\"http://127.0.0.1:9/v21.0/\"}"

static struct arena *arena;
static struct channel_account *account;

static int set_up(void **state)
{
    (void)state;
    arena = arena_new();
    account = test_account(arena, &CHANNEL_WHATSAPP, SETTINGS);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static bool verifies(const char *body, const char *signature)
{
    struct error err = {0};
    struct web_request request =
        test_post(arena, body, strlen(body), signature ? "x-hub-signature-256" : NULL, signature, NULL);
    return CHANNEL_WHATSAPP.verify(account, &request, &err);
}

static void test_signature(void **state)
{
    (void)state;
    static const char BODY[] = "{\"a\":\"\\u00e9\\/\"}";
    /* printf '{"a":"\\u00e9\\/"}' | openssl dgst -sha256 -hmac s3cret */
    static const char GOOD[] = "sha256=93ca65cbd562ffb4dadfbac48a8586a5de5f7bf35c468e598182ebcd9787a3e2";
    assert_true(verifies(BODY, GOOD));
    assert_false(verifies("{\"a\":\"\xc3\xa9/\"}", GOOD)); /* the same JSON in other bytes */
    assert_false(verifies(BODY, GOOD + 7));
    assert_false(verifies(BODY, "sha256="));
    assert_false(verifies(BODY, "sha256=00"));
    assert_false(verifies(BODY, "sha1=93ca65cbd562ffb4dadfbac48a8586a5de5f7bf35c468e598182ebcd9787a3e2"));
    assert_false(verifies(BODY, NULL));
}

static struct web_answer challenge(const char *query)
{
    struct web_request request = {"GET", query, "", NULL, 0, "", 0, RECEIVED_AT};
    struct web_answer answer = {0};
    CHANNEL_WHATSAPP.challenge(account, &request, arena, &answer);
    assert_string_equal(answer.content_type, "text/plain");
    return answer;
}

static void test_challenge(void **state)
{
    (void)state;
    struct web_answer good = challenge("hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=meatyhamhock");
    assert_int_equal(good.status, 200);
    assert_string_equal(good.body, "1158201444");
    static const char *const BAD[] = {
        "",
        "hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=wrong",
        "hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=",
        "hub.mode=subscribe&hub.challenge=1158201444",
        "hub.mode=unsubscribe&hub.challenge=1158201444&hub.verify_token=meatyhamhock",
        "hub.mode=subscribe&hub.verify_token=meatyhamhock",
        "hub.mode=subscribe&hub.challenge=%3Cscript%3E&hub.verify_token=meatyhamhock",
    };
    for (size_t i = 0; i < COUNT_OF(BAD); i++)
        assert_int_equal(challenge(BAD[i]).status, 403);
    account = test_account(arena, &CHANNEL_WHATSAPP, "{\"verify_token\":\"\"}");
    assert_int_equal(challenge("hub.mode=subscribe&hub.challenge=1&hub.verify_token=").status, 403);
}

static struct inbound_list parse(const char *body)
{
    struct web_request request = test_post(arena, body, strlen(body), NULL);
    return test_parse(arena, account, &request);
}

static const struct expected {
    const char *external_id;
    enum entry_kind kind;
    const char *text;
    const char *path; /* of the payload */
    const char *value;
} EXPECTED[] = {
    {"wamid.TEXT", ENTRY_MESSAGE, "Does it come in another color? 😀", "reply_to", "wamid.OURS"},
    {"wamid.IMAGE", ENTRY_MESSAGE, "Like this", "media.type", "image/jpeg"},
    {"wamid.VIDEO", ENTRY_MESSAGE, "Video", "media.id", "2"},
    {"wamid.AUDIO", ENTRY_MESSAGE, "Voice message", "media.id", "3"},
    {"wamid.DOCUMENT", ENTRY_MESSAGE, "File: receipt.pdf", "media.name", "receipt.pdf"},
    {"wamid.STICKER", ENTRY_MESSAGE, "Sticker", "type", "sticker"},
    {"wamid.LOCATION", ENTRY_MESSAGE, "Location: Irma Hotel, 1192 Sheridan Ave", "longitude", "-109.05"},
    {"wamid.CONTACTS", ENTRY_MESSAGE, "Contact: Barbara J. Johnson, +1 650-555-1239; Ken", "type", "contacts"},
    {"wamid.BUTTONREPLY", ENTRY_MESSAGE, "Yes, please", "interactive.button_reply.id", "yes"},
    {"wamid.LISTREPLY", ENTRY_MESSAGE, "Priority Mail\n1-2 days", "interactive.list_reply.description", "1-2 days"},
    {"wamid.FLOW", ENTRY_MESSAGE, "a: 1", "answers.a", "1"},
    {"wamid.BUTTON", ENTRY_MESSAGE, "Unsubscribe", "button", "UNSUB"},
    {"wamid.REACTION", ENTRY_ACTIVITY, "Reacted with 👍", "message_id", "wamid.OURS"},
    {"wamid.UNREACTION", ENTRY_ACTIVITY, "Took back a reaction", "message_id", "wamid.OURS"},
    {"wamid.ORDER", ENTRY_MESSAGE,
     "Order from the catalogue: Love these!\n2 × di9ozbzfi4 (30 USD)\n1 × nqryix03ez (25 USD)", "order.catalog_id",
     "194836987003835"},
    {"wamid.SYSTEM", ENTRY_ACTIVITY, "Has another number on WhatsApp now: 12195555358", "system.wa_id", "12195555358"},
    {"wamid.UNSUPPORTED", ENTRY_MESSAGE, "A kind of message that WhatsApp does not pass on", "type", "unsupported"},
    {"wamid.NEW", ENTRY_MESSAGE, "Message of type hologram", "message.hologram.x", "1"},
    {"wamid.SECOND", ENTRY_MESSAGE, "こんにちは\n\n📣 Shoes\nhttps://fb.me/x", "referral.headline", "Shoes"},
};

static void test_every_kind_of_message(void **state)
{
    (void)state;
    struct inbound_list list = parse(test_data(arena, "whatsapp/messages.json", NULL));
    assert_null(list.problem);
    assert_int_equal(list.n, COUNT_OF(EXPECTED));
    for (size_t i = 0; i < list.n; i++) {
        const struct inbound *item = &list.items[i];
        bool second = i + 1 == list.n;
        assert_int_equal(item->type, INBOUND_ENTRY);
        assert_string_equal(item->external_id, EXPECTED[i].external_id);
        assert_int_equal(item->kind, EXPECTED[i].kind);
        assert_string_equal(item->text, EXPECTED[i].text);
        assert_string_equal(test_payload(arena, item, EXPECTED[i].path), EXPECTED[i].value);
        assert_int_equal(item->from.kind, IDENTITY_WHATSAPP);
        assert_int_equal(item->from.space, 0);
        assert_int_equal(item->from.proof, PROOF_PROVEN);
        assert_string_equal(item->from.value, second ? "819012345678" : "16505551234");
        assert_string_equal(item->from.name, second ? "Someone Else" : "Sheena Nelson");
        bool changed = strcmp(item->external_id, "wamid.SYSTEM") == 0;
        assert_int_equal(item->n_also, changed ? 3 : 1);
        const struct identity_ref *phone = &item->also[changed];
        assert_int_equal(phone->kind, IDENTITY_PHONE);
        assert_int_equal(phone->proof, PROOF_PROVEN);
        assert_string_equal(phone->value, second ? "+819012345678" : "+16505551234");
        if (changed) { /* the new number, and the telephone number that it is */
            assert_int_equal(item->also[0].kind, IDENTITY_WHATSAPP);
            assert_string_equal(item->also[0].value, "12195555358");
            assert_string_equal(item->also[2].value, "+12195555358");
        }
    }
    assert_true(list.items[0].occurred_at == 1794999383000LL);
    assert_int_equal(list.items[0].references.n, 1);
    assert_string_equal(((const char **)list.items[0].references.items)[0], "wamid.OURS");
    assert_string_equal(test_payload(arena, &list.items[18], "forwarded"), "true");
}

static void test_receipts(void **state)
{
    (void)state;
    struct inbound_list list = parse(test_data(arena, "whatsapp/statuses.json", NULL));
    static const enum delivery DELIVERIES[] = {DELIVERY_READ, DELIVERY_SENT, DELIVERY_DELIVERED, DELIVERY_FAILED,
                                               DELIVERY_FAILED};
    assert_null(list.problem);
    assert_int_equal(list.n, COUNT_OF(DELIVERIES));
    for (size_t i = 0; i < list.n; i++) {
        assert_int_equal(list.items[i].type, INBOUND_RECEIPT);
        assert_int_equal(list.items[i].delivery, DELIVERIES[i]);
    }
    char entry[UUID_TEXT_SIZE];
    uuid_format(&list.items[1].entry_id, entry);
    assert_string_equal(entry, "0192f0c1-7d5e-7cc3-98c4-dc0c0c07398f");
    assert_true(uuid_is_none(&list.items[0].entry_id));
    assert_string_equal(list.items[1].external_id, "wamid.A");
    assert_true(list.items[1].occurred_at == 1794999380000LL);
    assert_string_equal(list.items[3].from.value, "819012345678");
    assert_non_null(strstr(list.items[3].error, "whatsapp_window"));
    assert_non_null(strstr(list.items[3].error, "131047"));
    assert_string_equal(said_english(arena, list.items[4].error), "Something unheard of (WhatsApp error 999999)");
}

#define VALUE(number, items)                                                                                   \
    "{\"entry\":[{\"changes\":[{\"field\":\"messages\",\"value\":{\"metadata\":{\"phone_number_id\":\"" number \
    "\"}," items "}}]}]}"
#define GOOD(id)                             \
    "{\"from\":\"16505551234\",\"id\":\"" id \
    "\",\"timestamp\":\"1794999383\",\"type\":\"text\",\"text\":{\"body\":\"a\"}}"

static void test_a_bad_item_does_not_lose_the_others(void **state)
{
    (void)state;
    static const char *const BAD[] = {
        "null",
        "{}",
        "{\"from\":\"16505551234\",\"type\":\"text\"}",
        "{\"from\":\"not digits\",\"id\":\"x\",\"type\":\"text\"}",
        "{\"from\":\"16505551234\",\"id\":\"x\"}",
        "{\"id\":\"x\",\"type\":\"text\"}",
        "[[]]",
    };
    for (size_t i = 0; i < COUNT_OF(BAD); i++) {
        struct inbound_list list = parse(
            arena_printf(arena, VALUE("106540352242922", "\"messages\":[%s,%s,%s]"), GOOD("e1"), BAD[i], GOOD("e2")));
        assert_non_null(list.problem);
        assert_int_equal(list.n, 2);
        assert_string_equal(list.items[1].external_id, "e2");
    }
}

static void test_texts_of_any_shape(void **state)
{
    (void)state;
    struct inbound_list list = parse(VALUE(
        "106540352242922",
        "\"messages\":[{\"from\":16505551234,\"id\":\"e\",\"timestamp\":\"99999999999999999999\",\"type\":\"text\","
        "\"text\":{\"body\":\"a\\u0000b\"}},{\"from\":\"16505551234\",\"id\":\"f\",\"timestamp\":-5,\"type\":\"text\","
        "\"text\":\"no object\"}]"));
    assert_null(list.problem);
    assert_int_equal(list.n, 2);
    assert_string_equal(list.items[0].text, "a\xef\xbf\xbd"
                                            "b");
    assert_true(list.items[0].occurred_at == RECEIVED_AT);
    assert_null(list.items[1].text);
}

static void test_another_number_is_not_ours(void **state)
{
    (void)state;
    struct inbound_list list = parse(VALUE("1", "\"messages\":[" GOOD("e1") "]"));
    assert_int_equal(list.n, 0);
    assert_non_null(strstr(list.problem, "number_other"));
    list = parse(VALUE("106540352242922", "\"errors\":[{\"code\":130429,\"title\":\"Rate limit hit\"}]"));
    assert_int_equal(list.n, 0);
    assert_non_null(strstr(list.problem, "130429"));
}

/* Somebody with a user name, who keeps their number to themselves; and one of whom both are told. */
static void test_a_user_without_a_number(void **state)
{
    (void)state;
    struct inbound_list list = parse(VALUE(
        "106540352242922",
        "\"contacts\":[{\"profile\":{\"name\":\"Sheena\"},\"user_id\":\"US.13491208655302741918\"}],\"messages\":["
        "{\"from_user_id\":\"US.13491208655302741918\",\"id\":\"u1\",\"timestamp\":\"1794999383\",\"type\":\"text\","
        "\"text\":{\"body\":\"hi\"}},{\"from\":\"16505551234\",\"from_user_id\":\"US.13491208655302741918\","
        "\"id\":\"u2\",\"timestamp\":\"1794999383\",\"type\":\"text\",\"text\":{\"body\":\"hi\"}}]"));
    assert_null(list.problem);
    assert_int_equal(list.n, 2);
    assert_int_equal(list.items[0].from.kind, IDENTITY_WHATSAPP);
    assert_string_equal(list.items[0].from.value, "US.13491208655302741918");
    assert_string_equal(list.items[0].from.name, "Sheena");
    assert_int_equal(list.items[0].n_also, 0);
    assert_string_equal(list.items[1].from.value, "16505551234");
    assert_int_equal(list.items[1].n_also, 2);
    assert_string_equal(list.items[1].also[0].value, "US.13491208655302741918");
    assert_int_equal(list.items[1].also[0].proof, PROOF_PROVEN);
}

/* One message, in what is common to all. */
static struct inbound_list parse_message(const char *rest)
{
    return parse(
        arena_printf(arena,
                     VALUE("106540352242922", "\"messages\":[{\"from\":\"16505551234\",\"id\":\"m\",\"timestamp\":"
                                              "\"1794999383\",%s}]"),
                     rest));
}

/* What somebody has answered, chosen or sent is in the words, where it is read and found; whatever its shape. */
static void test_what_was_meant(void **state)
{
    (void)state;
    static const struct {
        const char *rest, *text;
    } CASES[] = {
        {"\"type\":\"interactive\",\"interactive\":{\"type\":\"nfm_reply\",\"nfm_reply\":{\"name\":\"flow\",\"body\":"
         "\"Sent\","
         "\"response_json\":\"{\\\"flow_token\\\":\\\"T\\\",\\\"rating\\\":\\\"Very "
         "poor\\\",\\\"items\\\":[\\\"lid\\\",\\\"cup\\\"],"
         "\\\"again\\\":false,\\\"address\\\":{\\\"city\\\":\\\"Kobe\\\",\\\"zip\\\":650},\\\"none\\\":null}\"}}",
         "rating: Very poor\nitems: lid, cup\nagain: false\naddress.city: Kobe\naddress.zip: 650"},
        {"\"type\":\"interactive\",\"interactive\":{\"nfm_reply\":{\"response_json\":{\"size\":\"XL\"}}}", "size: XL"},
        {"\"type\":\"interactive\",\"interactive\":{\"nfm_reply\":{\"response_json\":\"no JSON\"}}", "no JSON"},
        {"\"type\":\"interactive\",\"interactive\":{\"nfm_reply\":{\"response_json\":\"[1,2]\"}}", "[1,2]"},
        {"\"type\":\"interactive\",\"interactive\":{\"nfm_reply\":{\"response_json\":\"{}\",\"body\":\"Sent\"}}",
         "Sent"},
        {"\"type\":\"interactive\",\"interactive\":{\"nfm_reply\":{\"response_json\":7}}", "7"},
        {"\"type\":\"interactive\",\"interactive\":{\"nfm_reply\":[]}", "Answered a form"},
        {"\"type\":\"interactive\",\"interactive\":{\"list_reply\":{\"id\":\"exp\",\"title\":\"Express\"}}", "Express"},
        {"\"type\":\"interactive\",\"interactive\":{\"list_reply\":{\"id\":\"exp\"}}", "Chose: exp"},
        {"\"type\":\"interactive\",\"interactive\":{\"button_reply\":{}}", "Pressed a button"},
        {"\"type\":\"interactive\",\"interactive\":{\"type\":\"call_permission_reply\",\"call_permission_reply\":{}}",
         "Message of type call_permission_reply"},
        {"\"type\":\"interactive\",\"interactive\":[[]]", "Message of type interactive"},
        {"\"type\":\"button\",\"button\":{\"payload\":\"NO\"}", "Pressed a button"},
        {"\"type\":\"location\",\"location\":{\"latitude\":35.5,\"longitude\":139.25}", "Location: 35.5, 139.25"},
        {"\"type\":\"contacts\",\"contacts\":[{\"name\":{\"formatted_name\":\"Ken\"},\"org\":{\"company\":\"Teas\"},"
         "\"phones\":[{\"phone\":"
         "\"+81 3\"},{\"phone\":\"+81 6\"}],\"emails\":[{\"email\":\"k@teas.example\"}]}]",
         "Contact: Ken, Teas, +81 3, +81 6, k@teas.example"},
        {"\"type\":\"contacts\",\"contacts\":[{\"phones\":17},null,\"x\"]", "Contact"},
        {"\"type\":\"order\",\"order\":{\"product_items\":[{\"product_retailer_id\":\"A-1\",\"quantity\":\"3\",\"item_"
         "price\":9.5,"
         "\"currency\":\"EUR\"},{}]}",
         "Order from the catalogue\n3 × A-1 (9.5 EUR)\n1 × ?"},
        {"\"type\":\"text\",\"text\":{\"body\":\"hi\"},\"referral\":{\"headline\":\"Tea week\",\"body\":\"20 % "
         "off\",\"source_url\":"
         "\"javascript:alert(1)\",\"ctwa_clid\":\"c\"}",
         "hi\n\n📣 Tea week\n20 % off"},
        {"\"type\":\"image\",\"image\":{\"id\":\"1\"},\"referral\":{\"source_url\":\"https://fb.me/x\"}",
         "Image\n\n📣 https://fb.me/x"},
        {"\"type\":\"text\",\"text\":{\"body\":\"hi\"},\"referral\":\"none\"", "hi"},
    };
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        struct inbound_list list = parse_message(CASES[i].rest);
        assert_null(list.problem);
        assert_int_equal(list.n, 1);
        assert_string_equal(list.items[0].text, CASES[i].text);
    }
    struct inbound_list ad = parse_message(CASES[COUNT_OF(CASES) - 3].rest);
    assert_string_equal(test_payload(arena, &ad.items[0], "referral.ctwa_clid"), "c");
}

/* A form is as large as somebody likes. */
static void test_a_large_form_is_bounded(void **state)
{
    (void)state;
    AUTO_BUF struct buf b = {0};
    buf_puts(&b, "\"type\":\"interactive\",\"interactive\":{\"nfm_reply\":{\"response_json\":\"{");
    for (int i = 0; i < 5000; i++)
        buf_printf(&b, "%s\\\"f%d\\\":\\\"v\\\"", i ? "," : "", i);
    buf_puts(&b, "}\"}}");
    struct inbound_list list = parse_message(b.data);
    assert_int_equal(list.n, 1);
    assert_non_null(strstr(list.items[0].text, "f99: v"));
    assert_null(strstr(list.items[0].text, "f100: v"));
}

static void test_edited_and_taken_back(void **state)
{
    (void)state;
    struct inbound_list list = parse_message("\"type\":\"edit\",\"edit\":{\"original_message_id\":\"first\","
                                             "\"message\":{\"context\":{\"id\":\"M0\"},\"type\":\"image\",\"image\":"
                                             "{\"id\":\"7\",\"caption\":\"21 Hill Street\"}}}");
    assert_int_equal(list.n, 1);
    assert_int_equal(list.items[0].type, INBOUND_EDIT);
    assert_int_equal(list.items[0].kind, ENTRY_MESSAGE);
    assert_string_equal(list.items[0].external_id, "first");
    assert_string_equal(list.items[0].text, "21 Hill Street");
    assert_string_equal(list.items[0].from.value, "16505551234");
    assert_true(list.items[0].rank == 1794999383000LL);
    assert_string_equal(test_payload(arena, &list.items[0], "type"), "image");
    assert_string_equal(test_payload(arena, &list.items[0], "edited_at"), "2026-11-18T10:56:23.000Z");
    list = parse_message("\"type\":\"revoke\",\"revoke\":{\"original_message_id\":\"first\"}");
    assert_int_equal(list.items[0].type, INBOUND_EDIT);
    assert_string_equal(list.items[0].external_id, "first");
    assert_string_equal(list.items[0].text, "Took back a message");
    assert_true(list.items[0].rank == RANK_TAKEN_BACK);
    assert_string_equal(test_payload(arena, &list.items[0], "taken_back_at"), "2026-11-18T10:56:23.000Z");
    static const char *const BAD[] = {
        "\"type\":\"revoke\"",
        "\"type\":\"revoke\",\"revoke\":[]",
        "\"type\":\"edit\",\"edit\":{\"original_message_id\":\"first\"}",
        "\"type\":\"edit\",\"edit\":{\"original_message_id\":\"first\",\"message\":\"new\"}",
        "\"type\":\"edit\",\"edit\":{\"message\":{\"type\":\"text\",\"text\":{\"body\":\"new\"}}}",
    };
    for (size_t i = 0; i < COUNT_OF(BAD); i++) {
        list = parse_message(BAD[i]);
        assert_int_equal(list.n, 0);
        assert_non_null(list.problem);
    }
}

/* What was sent from the phone: to whom, and what; also what was changed there. */
static void test_echoes_of_the_phone(void **state)
{
    (void)state;
    struct inbound_list list = parse("{\"entry\":[{\"changes\":[{\"field\":\"smb_message_echoes\",\"value\":{"
                                     "\"metadata\":{\"phone_number_id\":\"106540352242922\"},"
                                     "\"message_echoes\":[{\"from\":\"15550783881\",\"to\":\"16505551234\",\"id\":"
                                     "\"wamid.E\",\"timestamp\":\"1794999383\",\"type\":"
                                     "\"text\",\"text\":{\"body\":\"It is on its "
                                     "way\"}},{\"from\":\"15550783881\",\"to\":\"16505551234\",\"id\":\"wamid.F\","
                                     "\"timestamp\":\"1794999384\",\"type\":\"revoke\",\"revoke\":{\"original_message_"
                                     "id\":\"wamid.E\"}},{\"from\":\"15550783881\",\"id\":"
                                     "\"x\",\"type\":\"text\"}]}}]}]}");
    assert_non_null(list.problem); /* to whom? */
    assert_int_equal(list.n, 2);
    for (size_t i = 0; i < list.n; i++) {
        assert_int_equal(list.items[i].direction, DIRECTION_OUT);
        assert_string_equal(list.items[i].from.value, "16505551234");
        assert_string_equal(list.items[i].author_name, "WhatsApp Business");
        assert_string_equal(list.items[i].external_id, "wamid.E");
    }
    assert_string_equal(list.items[0].text, "It is on its way");
    assert_int_equal(list.items[1].type, INBOUND_EDIT);
}

static struct send_request build(struct outbound *out)
{
    struct send_request request = {0};
    struct error err = {0};
    if (!CHANNEL_WHATSAPP.build(account, out, arena, &request, &err))
        fail_msg("%s", err.text);
    return request;
}

static void test_what_is_sent(void **state)
{
    (void)state;
    struct uuid id;
    uuid_parse_text("0192f0c1-7d5e-7cc3-98c4-dc0c0c07398f", &id);
    struct outbound out = {
        .entry_id = id, .to = "16505551234", .text = "It does: \"red\"\nand blue", .now = RECEIVED_AT};
    struct send_request request = build(&out);
    assert_string_equal(request.url, "http://127.0.0.1:9/v21.0/106540352242922/messages");
    assert_string_equal(test_sent_header(&request, "Authorization"), "Bearer EAAx");
    assert_string_equal(request.body,
                        "{\"messaging_product\":\"whatsapp\",\"recipient_type\":\"individual\",\"to\":\"16505551234\","
                        "\"type\":\"text\",\"text\":{\"body\":\"It does: \\\"red\\\"\\nand blue\"},"
                        "\"biz_opaque_callback_data\":\"0192f0c1-7d5e-7cc3-98c4-dc0c0c07398f\"}");
    out.to = "US.13491208655302741918";
    assert_non_null(strstr(build(&out).body, "\"recipient\":\"US.13491208655302741918\""));
    struct error err = {0};
    out.text = "";
    assert_false(CHANNEL_WHATSAPP.build(account, &out, arena, &request, &err));
    char *text = arena_alloc(arena, 4098);
    memset(text, 'a', 4097);
    out.text = text;
    assert_false(CHANNEL_WHATSAPP.build(account, &out, arena, &request, &err));
    assert_int_equal(err.saying, SAID_text_too_long);
}

static void test_what_answers_mean(void **state)
{
    (void)state;
    static const struct {
        int status;
        const char *body;
        enum send_outcome outcome;
        bool broken;
        const char *says;
    } CASES[] = {
        {200, "{\"contacts\":[{\"input\":\"1\",\"wa_id\":\"1\"}],\"messages\":[{\"id\":\"wamid.X\"}]}", SEND_DONE,
         false, NULL},
        {400, "{\"error\":{\"message\":\"(#131047) Re-engagement message\",\"code\":131047}}", SEND_NEVER, false,
         "24 hours"},
        {400, "{\"error\":{\"message\":\"x\",\"code\":131026}}", SEND_NEVER, false, "cannot deliver"},
        {400, "{\"error\":{\"message\":\"(#100) Invalid parameter\",\"code\":100}}", SEND_NEVER, false,
         "Invalid parameter"},
        {400, "{\"error\":{\"code\":130429}}", SEND_AGAIN, false, "slowly"},
        {400, "{\"error\":{\"code\":131056}}", SEND_AGAIN, false, "short time"},
        {429, "", SEND_AGAIN, false, NULL},
        {401, "{\"error\":{\"message\":\"Error validating access token\",\"type\":\"OAuthException\",\"code\":190}}",
         SEND_AGAIN, true, "access token"},
        {401, "", SEND_AGAIN, true, NULL},
        {403, "{\"error\":{\"code\":200}}", SEND_AGAIN, true, "permission"},
        {500, "{\"error\":{\"code\":131000,\"message\":\"Something went wrong\"}}", SEND_AGAIN, false, "fault"},
        {503, "{\"error\":{\"code\":987654}}", SEND_AGAIN, false, "987654"},
        {504, "<html>", SEND_UNCERTAIN, false, "may have arrived"},
        {404, "[", SEND_NEVER, false, NULL},
    };
    struct outbound out = {.to = "1", .text = "a", .now = RECEIVED_AT};
    struct send_request request = build(&out);
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        struct send_result result = test_reply(arena, account, &request, CASES[i].status, CASES[i].body);
        assert_int_equal(result.outcome, CASES[i].outcome);
        assert_int_equal(result.channel_broken, CASES[i].broken);
        if (result.outcome == SEND_DONE)
            assert_string_equal(result.external_id, "wamid.X");
        else
            assert_non_null(strstr(said_english(arena, result.error), CASES[i].says ? CASES[i].says : ""));
    }
    struct send_reply none = {.request = &request, .connected = true, .retry_after_ms = -1};
    struct send_result result = {0};
    CHANNEL_WHATSAPP.read_reply(account, &none, arena, &result);
    assert_int_equal(result.outcome, SEND_UNCERTAIN);
    none.connected = false;
    CHANNEL_WHATSAPP.read_reply(account, &none, arena, &result);
    assert_int_equal(result.outcome, SEND_AGAIN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_signature, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_challenge, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_every_kind_of_message, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_receipts, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_bad_item_does_not_lose_the_others, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_texts_of_any_shape, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_another_number_is_not_ours, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_user_without_a_number, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_was_meant, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_large_form_is_bounded, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_edited_and_taken_back, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_echoes_of_the_phone, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_is_sent, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_answers_mean, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("whatsapp", tests, NULL, NULL);
}
