#include "arena_kit.h"
#include "channel/phone.h"
#include "channel_kit.h"

static void test_email(void **state)
{
    (void)state;
    static const char *const SAME[] = {
        "a@example.com", " A@Example.COM\n", "Ann <a@example.com>", "\"<x>\" <A@example.com>", "mailto:a@example.com",
    };
    for (size_t i = 0; i < COUNT_OF(SAME); i++)
        assert_string_equal(identity_normalise(arena, IDENTITY_EMAIL, SAME[i], NULL), "a@example.com");
    assert_string_equal(identity_normalise(arena, IDENTITY_EMAIL, "山田@例え.jp", NULL), "山田@例え.jp");
    static const char *const QUOTED[][2] = {
        {"\"a b\"@x.example", "\"a b\"@x.example"},       {"Ann <\"A B\"@x.example>", "\"a b\"@x.example"},
        {"\"ann.b\"@x.example", "ann.b@x.example"},       {"\"a\\nn\"@x.example", "ann@x.example"},
        {"\"a\\\"b\"@x.example", "\"a\\\"b\"@x.example"}, {"\"a@b\"@x.example", "\"a@b\"@x.example"},
        {"\".a\"@x.example", "\".a\"@x.example"},         {"a@[192.0.2.1]", "a@[192.0.2.1]"},
        {"a@[IPv6:2001:DB8::1]", "a@[ipv6:2001:db8::1]"},
    };
    for (size_t i = 0; i < COUNT_OF(QUOTED); i++)
        assert_string_equal(identity_normalise(arena, IDENTITY_EMAIL, QUOTED[i][0], NULL), QUOTED[i][1]);
    static const char *const NONE[] = {
        "\"\"@b.com",
        "\"a\"b@b.com",
        "\"a@b.com",
        "\"a\nb\"@b.com",
        "\"a<b\"@b.com",
        "a@[192.0.2]",
        "a@[::1]",
        "a@[192.0.2.1",
        "a@[]",
        "",
        "a",
        "@example.com",
        "a@",
        "a b@example.com",
        "a@example.com, b@example.com",
        "a@@b.com",
        "a@.com",
        "a@-x.com",
        "a@x..com",
        "a@x.com.",
        "a@b.com\r\nBcc: c@d.com",
        "<>",
        "a@b\x01c",
        "a@b\xff",
        "Ann <a@b.com",
        "a\"@b.com",
    };
    for (size_t i = 0; i < COUNT_OF(NONE); i++)
        if (identity_normalise(arena, IDENTITY_EMAIL, NONE[i], NULL))
            fail_msg("\"%s\" was taken for an address", NONE[i]);
    assert_null(identity_normalise(arena, IDENTITY_EMAIL, NULL, NULL));
    char long_one[301];
    memset(long_one, 'a', 300);
    memcpy(long_one, "a@", 2);
    long_one[300] = '\0';
    assert_null(identity_normalise(arena, IDENTITY_EMAIL, long_one, NULL));
}

static void test_phone(void **state)
{
    (void)state;
    static const struct {
        const char *text, *country, *normal;
    } CASES[] = {
        {"090-1234-5678", "JP", "+819012345678"},
        {"０９０ー１２３４ー５６７８", "JP", "+819012345678"},
        {"(090) 1234 5678", "jp", "+819012345678"},
        {"+81 (0)90 1234 5678", NULL, "+819012345678"},
        {"+81-90-1234-5678", "US", "+819012345678"},
        {"03-3210-0001", "JP", "+81332100001"},
        {"tel:+1-650-555-1234", NULL, "+16505551234"},
        {"+49 (0)30 901820", NULL, "+4930901820"},
        {"030 901820", "DE", "+4930901820"},
        {"00 81 90 1234 5678", "DE", "+819012345678"},
        {"+5215512345678", NULL, "+525512345678"}, /* the former mobile mark of Mexico, which WhatsApp keeps */
        {"+52 1 55 1234 5678", NULL, "+525512345678"},
        {"55 1234 5678", "MX", "+525512345678"},
        {"+55 31 8812-3456", NULL, "+5531988123456"}, /* Brazil: old mobile numbers have got a 9 … */
        {"+55 31 98812-3456", NULL, "+5531988123456"},
        {"(31) 8812-3456", "BR", "+5531988123456"},
        {"0 31 98812 3456", "BR", "+5531988123456"},
        {"+55 11 6812-3456", NULL, "+5511968123456"},
        {"+55 31 3212-3456", NULL, "+553132123456"}, /* … and landlines have not */
        {"+55 11 5812-3456", NULL, "+551158123456"},
        {"0800 123 4567", "BR", "+558001234567"},
        {"+54 9 11 2345-6789", NULL, "+541123456789"}, /* Argentina: the 9 of mobiles, or the 15 */
        {"+54 11 2345-6789", NULL, "+541123456789"},
        {"011 15-2345-6789", "AR", "+541123456789"},
        {"+54 9 2901 12-3456", NULL, "+542901123456"},
        {"090-1234-5678", NULL, NULL},
        {"090-1234-5678", "Japan", NULL},
        {"", "JP", NULL},
        {"hello", "JP", NULL},
        {"+", "JP", NULL},
        {"1", "JP", NULL},
        {"+99999999999999999999", NULL, NULL},
        {"\xff\xff", "JP", NULL},
    };
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        const char *normal = identity_normalise(arena, IDENTITY_PHONE, CASES[i].text, CASES[i].country);
        if (!CASES[i].normal)
            assert_null(normal);
        else
            assert_string_equal(normal, CASES[i].normal);
    }
}

/* What comes along when an address is copied from a page or a spreadsheet. */
static void test_country_of_a_phone(void **state)
{
    (void)state;
    char country[PHONE_COUNTRY_SIZE] = "--";
    static const char *const NONE[] = {"", "+", "+999123456789", "+80012345678", "819012345678", "U1"};
    for (size_t i = 0; i < COUNT_OF(NONE); i++)
        assert_false(phone_country(NONE[i], country));
    assert_string_equal(country, "--");
    static const char *const SOME[][2] = {
        {"+819012345678", "JP"}, {"+46701230077", "SE"}, {"+12125550123", "US"}, {"+16045550123", "CA"}};
    for (size_t i = 0; i < COUNT_OF(SOME); i++) {
        assert_true(phone_country(SOME[i][0], country));
        assert_string_equal(country, SOME[i][1]);
    }
}

static void test_what_nobody_sees(void **state)
{
    static const char *const AROUND[] = {"\xef\xbb\xbf%s",     "%s\xe2\x80\x8b",         "\xe2\x80\xaa%s\xe2\x80\xac",
                                         "\xc2\xa0%s\xc2\xa0", "\xe2\x80\x8e%s\xc2\xad", "\xe3\x80\x80%s\xe2\x80\x8d"};
    static const struct {
        enum identity_kind kind;
        const char *value;
    } VALUES[] = {{IDENTITY_EMAIL, "a@example.com"},     {IDENTITY_PHONE, "+819012345678"},
                  {IDENTITY_WHATSAPP, "819012345678"},   {IDENTITY_EXTERNAL, "C-7"},
                  {IDENTITY_LOYALTY_CARD, "9900112233"}, {IDENTITY_LINE, "U1"}};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(VALUES); i++)
        for (size_t k = 0; k < COUNT_OF(AROUND); k++) {
            const char *at = strstr(AROUND[k], "%s"), *text = arena_printf(arena, "%.*s%s%s", (int)(at - AROUND[k]),
                                                                           AROUND[k], VALUES[i].value, at + 2);
            const char *normal = identity_normalise(arena, VALUES[i].kind, text, NULL);
            assert_string_equal(normal ? normal : "none", VALUES[i].value);
        }
    assert_string_equal(identity_normalise(arena, IDENTITY_EMAIL, "an\xe2\x80\x8bna@example.com", NULL),
                        "anna@example.com");
    assert_string_equal(identity_normalise(arena, IDENTITY_EXTERNAL,
                                           "C\xc2\xa0"
                                           "7",
                                           NULL),
                        "C 7");
    assert_null(identity_normalise(arena, IDENTITY_EXTERNAL, "\xe2\x80\x8b\xef\xbb\xbf", NULL));
}

static void test_others(void **state)
{
    (void)state;
    assert_string_equal(identity_normalise(arena, IDENTITY_WHATSAPP, " +819012345678", NULL), "819012345678");
    assert_null(identity_normalise(arena, IDENTITY_WHATSAPP, "81 90", NULL));
    assert_null(identity_normalise(arena, IDENTITY_WHATSAPP, "1", NULL));
    assert_string_equal(identity_normalise(arena, IDENTITY_LINE, " U1 ", NULL), "U1");
    assert_string_equal(identity_normalise(arena, IDENTITY_EXTERNAL, "客-7", NULL), "客-7");
    assert_null(identity_normalise(arena, IDENTITY_LINE, "  ", NULL));
    assert_null(identity_normalise(arena, IDENTITY_LINE, "a\nb", NULL));
    assert_null(identity_normalise(arena, IDENTITY_NONE, "a", NULL));
    assert_null(identity_normalise(arena, (enum identity_kind)99, "a", NULL));
}

/* What base/kinds.h says of each kind agrees with itself; the compiler has counted the rows. */
static void test_rows(void **state)
{
    (void)state;
    for (const struct identity_kind_row *row = IDENTITY_KIND_ROWS; row->name; row++) {
        assert_ptr_equal(identity_kind_row((int)row->kind), row);
        assert_string_equal(IDENTITY_KIND_NAMES[row->kind], row->name);
        assert_true(row->medium != MEDIUM_NONE);
        assert_true(!row->column || (row->flags & KIND_PUT)); /* what a file may say, an integration may */
        assert_true(!row->rule.name || (row->rule.claim && row->rule.what && row->rule.confidence > 0));
    }
    for (const struct medium_row *row = MEDIUM_ROWS; row->name; row++)
        assert_string_equal(MEDIUM_NAMES[row->medium], row->name);
    assert_int_equal(identity_kind_row(99)->medium, MEDIUM_OTHER);
}

static const struct channel_account *in_space(const char *word)
{
    return test_account(arena, channel_type_find("api"), arena_printf(arena, "{\"customer_space\":\"%s\"}", word));
}

static void test_spaces(void **state)
{
    (void)state;
    const struct channel_account *none = in_space(""), *shop = in_space("shop"), *other = in_space("other");
    assert_int_equal(identity_ref_at(NULL, IDENTITY_EMAIL, "a@example.com").space, 0);
    assert_int_equal(identity_ref_at(shop, IDENTITY_LINE, "U1").space, SPACE_OF_ACCOUNT);
    struct identity_ref own = identity_ref_at(none, IDENTITY_EXTERNAL, "7");
    assert_int_equal(own.space, SPACE_OF_ACCOUNT);
    assert_int_equal(own.kind, IDENTITY_EXTERNAL);
    struct identity_ref said = identity_ref_at(shop, IDENTITY_EXTERNAL, "7");
    struct identity_ref sent = identity_ref_at(in_space("shop"), IDENTITY_SHOP_CUSTOMER, "7");
    assert_int_equal(said.kind, IDENTITY_SHOP_CUSTOMER);
    assert_int_equal(said.kind, sent.kind);
    assert_int_equal(said.space, sent.space);
    assert_true(said.space != customer_space(other));
    assert_true(said.space == 111903903266400880); /* it is stored: never another hash */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_email, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_phone, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_country_of_a_phone, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_nobody_sees, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_others, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_rows, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_spaces, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("identity_value", tests, NULL, NULL);
}
