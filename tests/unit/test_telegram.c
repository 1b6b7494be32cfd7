#include "channel_kit.h"

#define INES "7000000001"
#define SETTINGS "{\"bot_token\":\"123:tok\",\"webhook_secret\":\"s3cret\"}"

static struct arena *arena;
static struct channel_account *account;

static int set_up(void **state)
{
    (void)state;
    arena = arena_new();
    account = test_account(arena, &CHANNEL_TELEGRAM, SETTINGS);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static void test_secret(void **state)
{
    (void)state;
    static const struct {
        const char *said;
        bool lets_in;
    } ROWS[] = {{"s3cret", true}, {"s3creT", false}, {"s3cre", false}, {"s3cret ", false}, {"", false}, {NULL, false}};
    for (size_t i = 0; i < COUNT_OF(ROWS); i++) {
        struct error err = {0};
        struct web_request request =
            test_post(arena, "{}", 2, ROWS[i].said ? "x-telegram-bot-api-secret-token" : NULL, ROWS[i].said, NULL);
        assert_int_equal(CHANNEL_TELEGRAM.verify(account, &request, &err), ROWS[i].lets_in);
        assert_int_equal(err.code, ROWS[i].lets_in ? ERR_NONE : ERR_UNAUTHENTICATED);
    }
    struct error err = {0};
    struct web_request request = test_post(arena, "{}", 2, "x-telegram-bot-api-secret-token", "", NULL);
    account = test_account(arena, &CHANNEL_TELEGRAM, "{\"webhook_secret\":\"\"}");
    assert_false(CHANNEL_TELEGRAM.verify(account, &request, &err));
}

static struct inbound_list parse(const char *body)
{
    struct web_request request = test_post(arena, body, strlen(body), NULL);
    return test_parse(arena, account, &request);
}

/* Of each update of the file, in its order; NULL: it says nothing to anybody. */
static const struct expected {
    const char *external_id, *from, *text, *path, *value; /* path: of the payload */
    const char *file, *type;
    enum entry_kind kind;
} EXPECTED[] = {
    {"7000000001:101", INES, "Olá 😀 veja (https://shop.example/a) isto", "language", "pt", NULL, NULL, ENTRY_MESSAGE},
    {"7000000001:102", INES, "Broken", "media.set", "77", "large-1_A", "image/jpeg", ENTRY_MESSAGE},
    {"7000000001:103", INES, "File: fatura.pdf", "media.size", "2138", "doc", "application/pdf", ENTRY_MESSAGE},
    {"7000000001:104", INES, "Video", "type", "animation", "anim", "video/mp4", ENTRY_MESSAGE},
    {"7000000001:105", INES, "Video", "media.duration", "5", "vid", "video/mp4", ENTRY_MESSAGE},
    {"7000000001:106", INES, "Video", "type", "video_note", "note", "video/mp4", ENTRY_MESSAGE},
    {"7000000001:107", INES, "Voice message", "type", "voice", "voice", "audio/ogg", ENTRY_MESSAGE},
    {"7000000001:108", INES, "File: song.mp3", "media.title", "Song", "aud", "audio/mpeg", ENTRY_MESSAGE},
    {"7000000001:109", INES, "Sticker: 🥳", "type", "sticker", "sti", "video/webm", ENTRY_MESSAGE},
    {"7000000001:110", INES, "Location: Store, Rua A 1", "latitude", "38.7", NULL, NULL, ENTRY_MESSAGE},
    {"7000000001:111", INES, "Location: 38.7, -9.1", "longitude", "-9.1", NULL, NULL, ENTRY_MESSAGE},
    {"7000000001:112", INES, "Contact: Ines, 351912345678", "contact.user_id", INES, NULL, NULL, ENTRY_MESSAGE},
    {"7000000001:113", INES, "Contact: Rui Reis, +351900000000", "contact.user_id", "8", NULL, NULL, ENTRY_MESSAGE},
    {"7000000001:114", INES, "Poll: Blue or red?\n• Blue\n• Red", "poll.id", "p", NULL, NULL, ENTRY_MESSAGE},
    {"7000000001:115", INES, "🎯 4", "type", "dice", NULL, NULL, ENTRY_MESSAGE},
    {"7000000001:116", INES, "Message of type story", "message.id", "3", NULL, NULL, ENTRY_MESSAGE},
    {"7000000001:117", INES, "Chose: size=42", "web_app_data.button_text", "Choose", NULL, NULL, ENTRY_MESSAGE},
    {"7000000001:118", INES, "Answering", "forwarded", "true", NULL, NULL, ENTRY_MESSAGE},
    {"-1001234567890:119", INES, "in a group", "topic_id", "4", NULL, NULL, ENTRY_MESSAGE},
    {"-1001234567890:120", "-1001234567890", "nobody knows who", "group", "Teapot friends", NULL, NULL, ENTRY_MESSAGE},
    {"-1001234567890:121", "4242", "by another bot", "group_id", "-1001234567890", NULL, NULL, ENTRY_MESSAGE},
    {NULL, NULL, NULL, NULL, NULL, NULL, NULL, ENTRY_MESSAGE},
    {"bc1:7000000001:123", INES, "to the owner", "business_connection_id", "bc1", NULL, NULL, ENTRY_MESSAGE},
    {"bc1:7000000001:124", INES, "the owner's answer", "event", "business_message", NULL, NULL, ENTRY_MESSAGE},
    {"callback:4382", INES, "Chose: track:1029", "data", "track:1029", NULL, NULL, ENTRY_MESSAGE},
    {"update:9026", INES, "Reacted with 👍", "message_id", "7000000001:56", NULL, NULL, ENTRY_ACTIVITY},
    {"update:9027", INES, "Took back a reaction", "message_id", "7000000001:56", NULL, NULL, ENTRY_ACTIVITY},
    {"update:9028", INES, "Blocked the account", "event", "my_chat_member", NULL, NULL, ENTRY_ACTIVITY},
    {"update:9029", INES, "Unblocked the account", "event", "my_chat_member", NULL, NULL, ENTRY_ACTIVITY},
    {NULL, NULL, NULL, NULL, NULL, NULL, NULL, ENTRY_MESSAGE},
    {"7000000001:101", INES, "Olá, veja", "edited_at", "2026-11-18T11:06:35.000Z", NULL, NULL, ENTRY_MESSAGE},
    {"bc1:7000000001:123", INES, "Took back a message", "taken_back_at", "2026-11-18T11:06:40.000Z", NULL, NULL,
     ENTRY_ACTIVITY},
    {NULL, NULL, NULL, NULL, NULL, NULL, NULL, ENTRY_MESSAGE},
};

static struct json_object *updates(void)
{
    size_t n;
    const char *text = test_data(arena, "telegram/updates.json", &n);
    struct json_object *all = json_parse(text, n, NULL);
    assert_non_null(all);
    return all;
}

static struct inbound_list parse_update(struct json_object *all, size_t i)
{
    return parse(arena_strdup(arena, json_object_to_json_string(json_object_array_get_idx(all, i))));
}

static void expect_item(const struct inbound *item, const struct expected *row)
{
    assert_string_equal(item->external_id, row->external_id);
    assert_string_equal(item->from.value, row->from);
    assert_int_equal(item->from.kind, IDENTITY_TELEGRAM);
    assert_int_equal(item->from.proof, PROOF_PROVEN);
    assert_int_equal(item->kind, row->kind);
    assert_string_equal(item->text, row->text);
    assert_string_equal(test_payload(arena, item, row->path), row->value);
    assert_int_equal(item->attachments.n, row->file ? 1 : 0);
    if (row->file) {
        const struct attachment *file = item->attachments.items;
        assert_string_equal(file->remote, row->file);
        assert_string_equal(file->type, row->type);
    }
}

static void test_every_kind_of_update(void **state)
{
    (void)state;
    struct json_object *all = updates();
    assert_int_equal(json_length(all), COUNT_OF(EXPECTED));
    for (size_t i = 0; i < COUNT_OF(EXPECTED); i++) {
        struct inbound_list list = parse_update(all, i);
        assert_null(list.problem);
        assert_int_equal(list.n > 0, EXPECTED[i].external_id != NULL);
        if (list.n)
            expect_item(&list.items[0], &EXPECTED[i]);
    }
    json_object_put(all);
}

static void test_what_is_particular(void **state)
{
    (void)state;
    struct json_object *all = updates();
    const struct inbound *text = parse_update(all, 0).items, *own = parse_update(all, 11).items,
                         *other = parse_update(all, 12).items, *answer = parse_update(all, 17).items,
                         *bot = parse_update(all, 20).items, *echo = parse_update(all, 23).items,
                         *edit = parse_update(all, 30).items;
    assert_string_equal(text->from.name, "Ines Costa");
    assert_true(text->occurred_at == 1794999990000LL);
    assert_int_equal(own->n_also, 1);
    assert_int_equal(own->also[0].kind, IDENTITY_PHONE);
    assert_string_equal(own->also[0].value, "+351912345678");
    assert_int_equal(other->n_also, 0); /* somebody else's number proves nothing */
    assert_string_equal(((const char **)answer->references.items)[0], "7000000001:55");
    assert_true(bot->by_program);
    assert_int_equal(echo->direction, DIRECTION_OUT);
    assert_string_equal(echo->author_name, "Olga");
    assert_int_equal(edit->type, INBOUND_EDIT);
    assert_true(edit->rank == 1794999995000LL);
    struct inbound_list pressed = parse_update(all, 24);
    struct send_request request;
    struct error err = {0};
    assert_int_equal(pressed.errands.n, 1);
    assert_true(CHANNEL_TELEGRAM.ask_errand(account, pressed.errands.items, RECEIVED_AT, arena, &request, &err));
    assert_string_equal(request.url, "https://api.telegram.org/bot123:tok/answerCallbackQuery?callback_query_id=4382");
    assert_false(CHANNEL_TELEGRAM.ask_errand(account, &(struct errand){.kind = ERRAND_VISIT, .handle = "1&x=2"},
                                             RECEIVED_AT, arena, &request, &err));
    struct inbound_list deleted = parse_update(all, 31);
    assert_int_equal(deleted.n, 2);
    assert_string_equal(deleted.items[1].external_id, "bc1:7000000001:124");
    assert_true(deleted.items[1].rank == RANK_TAKEN_BACK);
    json_object_put(all);
}

static void test_what_cannot_be_understood_is_said(void **state)
{
    (void)state;
    static const char *const BAD[] = {
        "{\"update_id\":1,\"message\":{}}",
        "{\"update_id\":1,\"message\":{\"message_id\":1,\"chat\":{},\"text\":\"a\"}}",
        "{\"update_id\":1,\"message\":{\"message_id\":1,\"chat\":7,\"text\":\"a\"}}",
        "{\"update_id\":1,\"message\":[]}",
        "{\"update_id\":1,\"callback_query\":{\"id\":\"1\"}}",
        "{\"update_id\":1,\"message_reaction\":{\"user\":{\"id\":1}}}",
        "{\"update_id\":1,\"deleted_business_messages\":{\"message_ids\":[1]}}",
    };
    for (size_t i = 0; i < COUNT_OF(BAD); i++) {
        struct inbound_list list = parse(BAD[i]);
        assert_int_equal(list.n, 0);
        assert_non_null(list.problem);
    }
    static const char *const NO_UPDATE[] = {"", "x", "[]", "{}", "{\"message\":{}}"};
    for (size_t i = 0; i < COUNT_OF(NO_UPDATE); i++) {
        struct inbound_list list = {0};
        struct error err = {0};
        struct web_request request = test_post(arena, NO_UPDATE[i], strlen(NO_UPDATE[i]), NULL);
        assert_false(CHANNEL_TELEGRAM.parse(account, &request, arena, &list, &err));
    }
}

/* Offsets that lie, and one behind the other: the words stay as they are. */
static void test_links_that_lie(void **state)
{
    (void)state;
#define LINK(offset, length) \
    "{\"type\":\"text_link\",\"offset\":" offset ",\"length\":" length ",\"url\":\"https://a.example\"}"
    struct inbound_list list = parse(
        "{\"update_id\":1,\"message\":{\"message_id\":1,\"date\":1,\"chat\":{\"id\":5,\"type\":\"private\"},"
        "\"from\":{\"id\":5},\"text\":\"ab😀cd\",\"entities\":[" LINK("-3", "2") "," LINK(
            "0", "99999999999999") "," LINK("0",
                                            "0") "," LINK("1",
                                                          "3") "," LINK("2",
                                                                        "1") "," LINK("4",
                                                                                      "2") "," LINK("90",
                                                                                                    "4") ",7,{}]}}");
    assert_null(list.problem);
    assert_string_equal(list.items[0].text, "ab😀 (https://a.example)cd (https://a.example) (https://a.example)");
}

/* ---- out ---- */

static struct outbound answer(void)
{
    return (struct outbound){
        .entry_id = uuid_named("entry", 5), .to = INES, .text = "Amanhã \"😀\"", .now = RECEIVED_AT};
}

static void test_words_go_as_json(void **state)
{
    (void)state;
    struct outbound out = answer();
    struct send_request request = {0};
    struct error err = {0};
    assert_true(CHANNEL_TELEGRAM.build(account, &out, arena, &request, &err));
    assert_string_equal(request.url, "https://api.telegram.org/bot123:tok/sendMessage");
    assert_string_equal(request.body, "{\"chat_id\":\"" INES "\",\"text\":\"Amanhã \\\"😀\\\"\"}");
    out.reply_payload = "{\"business_connection_id\":\"bc1\"}";
    assert_true(CHANNEL_TELEGRAM.build(account, &out, arena, &request, &err));
    assert_non_null(strstr(request.body, "\"business_connection_id\":\"bc1\""));
    out.text = " \n";
    assert_false(CHANNEL_TELEGRAM.build(account, &out, arena, &request, &err));
}

static void test_a_file_goes_as_a_form(void **state)
{
    (void)state;
    static const struct {
        const char *name, *type, *method, *part;
    } ROWS[] = {
        {"a \"b\".png", "image/png", "/sendPhoto",
         "name=\"photo\"; filename=\"a %22b%22.png\"\r\nContent-Type: image/png\r\n\r\nDATA\r\n"},
        {"a.pdf", "application/pdf", "/sendDocument",
         "name=\"document\"; filename=\"a.pdf\"\r\nContent-Type: application/pdf\r\n\r\nDATA\r\n"},
    };
    for (size_t i = 0; i < COUNT_OF(ROWS); i++) {
        struct attachment file = {.name = ROWS[i].name, .type = ROWS[i].type, .data = "DATA", .size = 4};
        struct outbound out = answer();
        struct send_request request = {0};
        struct error err = {0};
        out.attachments = (struct list){&file, 1};
        assert_true(CHANNEL_TELEGRAM.build(account, &out, arena, &request, &err));
        assert_non_null(strstr(request.url, ROWS[i].method));
        assert_non_null(strstr(request.body, ROWS[i].part));
        assert_non_null(strstr(request.body, "name=\"caption\"\r\n\r\nAmanhã"));
        assert_non_null(strstr(test_sent_header(&request, "Content-Type"), "multipart/form-data; boundary="));
        char *text = arena_alloc(arena, 1026);
        memset(text, 'x', 1025);
        out.text = text;
        assert_false(CHANNEL_TELEGRAM.build(account, &out, arena, &request, &err));
        assert_int_equal(err.saying, SAID_text_too_long);
    }
}

/* Photos as photos; with something else among them all are documents. */
static void test_several_files_are_an_album(void **state)
{
    (void)state;
    static const struct {
        const char *second, *media;
    } ROWS[] = {
        {"image/jpeg", "[{\"type\":\"photo\",\"media\":\"attach:\\/\\/file0\",\"caption\":\"Amanhã \\\"😀\\\"\"},"
                       "{\"type\":\"photo\",\"media\":\"attach:\\/\\/file1\"}]"},
        {"text/plain", "[{\"type\":\"document\",\"media\":\"attach:\\/\\/file0\",\"caption\":\"Amanhã \\\"😀\\\"\"},"
                       "{\"type\":\"document\",\"media\":\"attach:\\/\\/file1\"}]"},
    };
    for (size_t i = 0; i < COUNT_OF(ROWS); i++) {
        struct attachment files[] = {{.name = "a.png", .type = "image/png", .data = "DATA", .size = 4},
                                     {.name = "b", .type = ROWS[i].second, .data = "MORE", .size = 4}};
        struct outbound out = answer();
        struct send_request request = {0};
        struct error err = {0};
        out.attachments = (struct list){files, 2};
        assert_true(CHANNEL_TELEGRAM.build(account, &out, arena, &request, &err));
        assert_non_null(strstr(request.url, "/sendMediaGroup"));
        assert_non_null(strstr(request.body, ROWS[i].media));
        assert_non_null(strstr(request.body, "name=\"file1\"; filename=\"b\""));
        struct send_result result =
            test_reply(arena, account, &request, 200,
                       "{\"ok\":true,\"result\":[{\"message_id\":5,\"chat\":{\"id\":7}},{\"message_id\":6}]}");
        assert_string_equal(result.external_id, "7:5");
    }
}

static void test_what_its_answers_mean(void **state)
{
    (void)state;
    static const struct {
        int status;
        const char *body;
        enum send_outcome outcome;
        bool broken;
        int64_t wait;
        const char *saying;
    } ROWS[] = {
        {200, "{\"ok\":true,\"result\":{\"message_id\":88,\"chat\":{\"id\":7000000001}}}", SEND_DONE, false, 0, NULL},
        {400, "{\"ok\":false,\"description\":\"Bad Request: chat not found\"}", SEND_NEVER, false, 0,
         "provider_refused"},
        {401, "{\"ok\":false,\"description\":\"Unauthorized\"}", SEND_AGAIN, true, 0, "provider_token"},
        {404, "{\"ok\":false,\"description\":\"Not Found\"}", SEND_AGAIN, true, 0, "provider_token"},
        {403, "{\"ok\":false,\"description\":\"Forbidden: bot was blocked by the user\"}", SEND_NEVER, false, 0,
         "telegram_unwanted"},
        {429, "{\"ok\":false,\"description\":\"Too Many Requests\",\"parameters\":{\"retry_after\":7}}", SEND_AGAIN,
         false, 7000, "provider_slower"},
        {502, "Bad Gateway", SEND_UNCERTAIN, false, 0, "provider_fault"},
        {0, "", SEND_AGAIN, false, 0, NULL},
    };
    struct outbound out = answer();
    struct send_request request = {0};
    struct error err = {0};
    assert_true(CHANNEL_TELEGRAM.build(account, &out, arena, &request, &err));
    for (size_t i = 0; i < COUNT_OF(ROWS); i++) {
        struct send_result result = test_reply(arena, account, &request, ROWS[i].status, ROWS[i].body);
        assert_int_equal(result.outcome, ROWS[i].outcome);
        assert_int_equal(result.channel_broken, ROWS[i].broken);
        if (ROWS[i].wait)
            assert_int_equal(result.retry_after_ms, ROWS[i].wait);
        if (ROWS[i].saying)
            assert_non_null(strstr(result.error, ROWS[i].saying));
        if (ROWS[i].status == 200)
            assert_string_equal(result.external_id, "7000000001:88");
    }
}

/* ---- files ---- */

static void test_where_a_file_is(void **state)
{
    (void)state;
    static const struct {
        const char *body;
        const char *url; /* NULL: it is not asked for */
    } ROWS[] = {
        {"{\"ok\":true,\"result\":{\"file_path\":\"photos/file_1.jpg\"}}",
         "https://api.telegram.org/file/bot123:tok/photos/file_1.jpg"},
        {"{\"ok\":true,\"result\":{\"file_path\":\"/var/lib/file_1.jpg\"}}", NULL},
        {"{\"ok\":true,\"result\":{\"file_path\":\"../../bot1/getMe\"}}", NULL},
        {"{\"ok\":true,\"result\":{\"file_path\":\"a?b\"}}", NULL},
        {"{\"ok\":true,\"result\":{}}", NULL},
        {"x", NULL},
    };
    struct send_request request;
    assert_int_equal(CHANNEL_TELEGRAM.ask_file(account, "abc-1", NULL, arena, &request), FILE_ASK_WHERE);
    assert_string_equal(request.url, "https://api.telegram.org/bot123:tok/getFile?file_id=abc-1");
    for (size_t i = 0; i < COUNT_OF(ROWS); i++) {
        struct send_reply where = {.status = 200, .body = ROWS[i].body, .body_len = strlen(ROWS[i].body)};
        enum file_ask ask = CHANNEL_TELEGRAM.ask_file(account, "abc-1", &where, arena, &request);
        assert_int_equal(ask, ROWS[i].url ? FILE_ASK_CONTENT : FILE_NOT_ASKED);
        if (ROWS[i].url)
            assert_string_equal(request.url, ROWS[i].url);
    }
    const char *big = "{\"ok\":false,\"description\":\"Bad Request: file is too big\"}";
    assert_int_equal(
        CHANNEL_TELEGRAM.read_refusal(&(struct send_reply){.status = 400, .body = big, .body_len = strlen(big)}),
        FETCH_TOO_LARGE);
    assert_int_equal(CHANNEL_TELEGRAM.read_refusal(&(struct send_reply){.status = 404}), FETCH_DONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_secret, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_every_kind_of_update, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_is_particular, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_cannot_be_understood_is_said, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_links_that_lie, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_words_go_as_json, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_file_goes_as_a_form, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_several_files_are_an_album, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_its_answers_mean, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_where_a_file_is, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
