/* desk/profile/differ: what two people have both, and not in common. */
#include "desk/profile/differ.h"

#include "arena_kit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct customer *person(const char *name)
{
    struct customer *c = arena_alloc(arena, sizeof(*c));
    *c = (struct customer){.name = name};
    return c;
}

static void is_known_by(struct customer *c, enum identity_kind kind, int64_t scope, const char *value)
{
    *(struct identity *)list_grow(arena, &c->identities, sizeof(struct identity)) =
        (struct identity){.kind = (int)kind, .scope = scope, .value = value};
}

/* As one text: "phone: +1, +2 / +3; …". */
static const char *differing(const struct customer *x, const struct customer *y)
{
    AUTO_BUF struct buf out = {0};
    struct list all = differences(arena, x, y);
    buf_puts(&out, "");
    for (size_t i = 0; i < all.n; i++) {
        const struct difference *d = (struct difference *)all.items + i;
        buf_printf(&out, "%s%s:", i ? "; " : "", d->what);
        for (size_t n = 0; n < d->a.n; n++)
            buf_printf(&out, "%s %s", n ? "," : "", ((const char **)d->a.items)[n]);
        buf_puts(&out, " /");
        for (size_t n = 0; n < d->b.n; n++)
            buf_printf(&out, "%s %s", n ? "," : "", ((const char **)d->b.items)[n]);
    }
    return arena_strdup(arena, out.data);
}

static void test_what_both_have_and_not_in_common(void **state)
{
    (void)state;
    struct customer *x = person("Mia"), *y = person("Max");
    x->language = "ja";
    y->company = "Example";
    x->about = "likes tea";
    y->about = "likes coffee";
    x->attributes = "{\"size\":\"L\",\"vip\":true}";
    y->attributes = "{\"size\":\"M\",\"vip\":true}";
    assert_string_equal(differing(x, y), "name: Mia / Max; attributes.size: L / M");
    is_known_by(x, IDENTITY_PHONE, 0, "+1");
    assert_string_equal(differing(x, person("Mia")), "");
    is_known_by(y, IDENTITY_PHONE, 0, "+3");
    is_known_by(x, IDENTITY_PHONE, 0, "+2");
    assert_string_equal(differing(x, y), "name: Mia / Max; attributes.size: L / M; phone: +1, +2 / +3");
    is_known_by(y, IDENTITY_PHONE, 0, "+2");
    assert_string_equal(differing(x, y), "name: Mia / Max; attributes.size: L / M");
}

static void test_what_says_nothing(void **state)
{
    (void)state;
    struct customer *x = person("Mia"), *y = person("Mia");
    is_known_by(x, IDENTITY_SHOP_CUSTOMER, 7, "1042");
    is_known_by(y, IDENTITY_SHOP_CUSTOMER, 8, "2000");
    is_known_by(x, IDENTITY_LINE, 0, "U1");
    is_known_by(y, IDENTITY_LINE, 0, "U2");
    is_known_by(x, IDENTITY_UNVERIFIED_EMAIL, 0, "a@example.com");
    is_known_by(y, IDENTITY_UNVERIFIED_EMAIL, 0, "b@example.com");
    assert_string_equal(differing(x, y), "");
    is_known_by(y, IDENTITY_SHOP_CUSTOMER, 7, "2001");
    assert_string_equal(differing(x, y), "shop_customer: 1042 / 2001");
    for (int i = 0; i < 2 * DIFFERENCE_VALUES_MAX; i++) {
        is_known_by(x, IDENTITY_EMAIL, 0, arena_printf(arena, "%d@x.example", i));
        is_known_by(y, IDENTITY_EMAIL, 0, arena_printf(arena, "%d@y.example", i));
    }
    const struct list all = differences(arena, x, y);
    assert_int_equal(((struct difference *)all.items)[0].a.n, DIFFERENCE_VALUES_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_what_both_have_and_not_in_common, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_says_nothing, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("differ", tests, NULL, NULL);
}
