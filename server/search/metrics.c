#include "search/search.h"

struct search_metrics search_metrics;
