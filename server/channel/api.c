#include "channel/types.h"

static const struct setting SETTINGS[] = {
    {"label", SETTING_TEXT, 0, NULL, "Label", "What agents see beside its entries, such as \"Till in Osaka\"."},
    COUNTRY_SETTING,
    CUSTOMER_SPACE_SETTING,
    {0},
};

const struct channel_type CHANNEL_API = {
    .name = "api",
    .label = "Any other shop, app or till",
    .help = "For systems of your own: they put orders, points, visits and other entries by the API with a token.",
    .medium = MEDIUM_OTHER,
    .settings = SETTINGS,
    .reaches = IDENTITY_NONE,
};
