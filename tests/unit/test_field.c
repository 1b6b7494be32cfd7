#include "api/shapes.h"
#include "base/field.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const char *const COLOURS[] = {"red", "green", NULL};

struct part {
    const char *name;
    int64_t n;
};

struct thing {
    const char *text;
    const char *lines;
    int64_t n;
    bool yes;
    int64_t at;
    struct uuid id;
    int colour;
    const char *json;
    struct list parts;
    struct list words;
    struct part *part;
};

static SHAPE(PART, part, "Part", "A part.", TEXT_REQ(part, name, "name", 10, "Name."),
             INT(part, n, "n", 1, 9, "Number."));
static SHAPE(THING, thing, "Thing", "A thing.", TEXT_REQ(thing, text, "text", 5, "Text."),
             LINES(thing, lines, "lines", 20, "Lines."), INT(thing, n, "n", -5, 5, "Number."),
             BOOL(thing, yes, "yes", "Yes."), TIME(thing, at, "at", "When."), UUID(thing, id, "id", "Id."),
             ENUM(thing, colour, "colour", COLOURS, "Colour."), JSON(thing, json, "json", 50, "Any."),
             LIST(thing, parts, "parts", &PART, 2, "Parts."), TEXTS(thing, words, "words", 3, "Words."),
             OBJECT(thing, part, "part", &PART, "A part."));

static bool decode(struct arena *a, const char *json, struct thing *ret, struct error *err)
{
    *err = (struct error){0};
    struct json_object *object = json_parse(json, strlen(json), err);
    if (!object && err->code)
        return false;
    bool fine = field_decode(&THING, object, a, ret, err);
    json_object_put(object);
    return fine;
}

static void test_whole(void **state)
{
    AUTO_ARENA struct arena *a = arena_new();
    struct thing t;
    struct error err;
    const char *json =
        "{\"text\":\"h\\u00e9\",\"lines\":\"a\\nb\",\"n\":-5,\"yes\":true,\"at\":\"2026-11-21T20:41:25.5+09:00\","
        "\"id\":\"0192f0c1-7d5e-7cc3-98c4-dc0c0c07398f\",\"colour\":\"green\",\"json\":{\"a\":[1,2]},"
        "\"parts\":[{\"name\":\"x\"},{\"name\":\"y\",\"n\":3}],\"words\":[\"p\",\"q\"],\"part\":{\"name\":\"z\"}}";
    (void)state;
    assert_true(decode(a, json, &t, &err));
    assert_string_equal(t.text, "h\xc3\xa9");
    assert_int_equal(t.at, 1795261285500);
    assert_int_equal(t.colour, 1);
    assert_int_equal(((struct part *)t.parts.items)[0].n == FIELD_INT_NONE, 1);
    assert_int_equal(((struct part *)t.parts.items)[1].n, 3);
    assert_string_equal(((const char **)t.words.items)[1], "q");
    assert_string_equal(t.part->name, "z");
    AUTO_BUF struct buf out = {0};
    field_encode(&THING, &t, &out);
    assert_string_equal(
        out.data,
        "{\"text\":\"h\xc3\xa9\",\"lines\":\"a\\nb\",\"n\":-5,\"yes\":true,\"at\":\"2026-11-21T11:41:25.500Z\","
        "\"id\":\"0192f0c1-7d5e-7cc3-98c4-dc0c0c07398f\",\"colour\":\"green\",\"json\":{\"a\":[1,2]},"
        "\"parts\":[{\"name\":\"x\",\"n\":null},{\"name\":\"y\",\"n\":3}],\"words\":[\"p\",\"q\"],"
        "\"part\":{\"name\":\"z\",\"n\":null}}");
}

static void test_refusals_name_the_field(void **state)
{
    static const char *const CASES[][3] = {
        {"{}", "text", "missing"},
        {"{\"text\":null}", "text", "missing"},
        {"{\"text\":7}", "text", "must be a text"},
        {"{\"text\":\"toolong\"}", "text", "1 to 5"},
        {"{\"text\":\"\"}", "text", "1 to 5"},
        {"{\"text\":\"a\\nb\"}", "text", "U+000A"},
        {"{\"text\":\"a\\u0000\"}", "text", "U+0000"},
        {"{\"text\":\"a\",\"n\":6}", "n", "-5 to 5"},
        {"{\"text\":\"a\",\"n\":1.5}", "n", "whole number"},
        {"{\"text\":\"a\",\"n\":\"1\"}", "n", "whole number"},
        {"{\"text\":\"a\",\"yes\":1}", "yes", "true or false"},
        {"{\"text\":\"a\",\"at\":\"yesterday\"}", "at", "must be a time"},
        {"{\"text\":\"a\",\"at\":\"2026-13-01T00:00:00Z\"}", "at", "must be a time"},
        {"{\"text\":\"a\",\"id\":\"1\"}", "id", "must be an id"},
        {"{\"text\":\"a\",\"colour\":\"blue\"}", "colour", "red, green"},
        {"{\"text\":\"a\",\"parts\":[{\"name\":\"x\"},{\"n\":1}]}", "parts[1].name", "missing"},
        {"{\"text\":\"a\",\"parts\":[{\"name\":\"x\",\"k\":1}]}", "parts[0].k", "no field"},
        {"{\"text\":\"a\",\"parts\":[{},{},{}]}", "parts", "0 to 2"},
        {"{\"text\":\"a\",\"words\":[\"a\",7]}", "words[1]", "must be a text"},
        {"{\"text\":\"a\",\"part\":[]}", "part", "must be an object"},
        {"{\"text\":\"a\",\"other\":1}", "other", "no field other"},
        {"[]", "", "must be an object"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        AUTO_ARENA struct arena *a = arena_new();
        struct thing t;
        struct error err;
        assert_false(decode(a, CASES[i][0], &t, &err));
        assert_int_equal(err.code, ERR_INVALID);
        assert_string_equal(err.field, CASES[i][1]);
        assert_non_null(strstr(err.text, CASES[i][2]));
    }
}

static void test_json_is_strict(void **state)
{
    static const char *const BAD[] = {"",    " ", "null", "{", "{}x", "{} {}", "[1,]", "\xff", "{\"a\":\"\xc3\x28\"}",
                                      "nul", "01"};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(BAD); i++) {
        struct error err = {0};
        struct json_object *o = json_parse(BAD[i], strlen(BAD[i]), &err);
        assert_null(o);
        assert_int_equal(err.code, ERR_PARSE);
    }
    char deep[200] = "";
    for (int i = 0; i < JSON_DEPTH_MAX + 5; i++)
        strcat(deep, "[");
    assert_null(json_parse(deep, strlen(deep), NULL));
    const char *twice = "{\"a\":1,\"a\":9223372036854775807}  \n";
    struct json_object *last = json_parse(twice, strlen(twice), NULL);
    assert_int_equal(json_int(last, "a", 0), INT64_MAX);
    json_object_put(last);
    struct json_object *number = json_parse("42", 2, NULL);
    assert_int_equal(json_object_get_int64(number), 42);
    json_object_put(number);
}

static void test_lookups_survive_anything(void **state)
{
    AUTO_ARENA struct arena *a = arena_new();
    const char *json =
        "{\"a\":{\"b\":[1,\"x\"],\"n\":\"12\",\"big\":\"9223372036854775808\",\"t\":true,\"z\":\"a\\u0000b\"}}";
    struct json_object *o = json_parse(json, strlen(json), NULL);
    (void)state;
    assert_int_equal(json_length(json_at(o, "a.b")), 2);
    assert_int_equal(json_int(o, "a.n", -1), 12);
    assert_int_equal(json_int(o, "a.big", -1), -1);
    assert_int_equal(json_int(o, "a.b", -1), -1);
    assert_true(json_true(o, "a.t"));
    assert_null(json_at(o, "a.b.c"));
    assert_null(json_text(a, o, "x.y.z"));
    assert_string_equal(json_text(a, o, "a.z"), "a\xef\xbf\xbd"
                                                "b");
    assert_null(json_at(NULL, "a"));
    json_object_put(o);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_whole),
        cmocka_unit_test(test_refusals_name_the_field),
        cmocka_unit_test(test_json_is_strict),
        cmocka_unit_test(test_lookups_survive_anything),
    };
    return cmocka_run_group_tests_name("field", tests, NULL, NULL);
}
