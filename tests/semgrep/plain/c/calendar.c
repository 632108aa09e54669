#include "calendar.h"

#include <stdbool.h>

static const int days_before[12] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};

/* The Gregorian rule: every fourth year, but of the hundreds only every fourth. */
bool is_leap(int year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

int day_of_year(const struct date *date)
{
    int days = days_before[date->month - 1] + date->day;
    if (date->month > 2 && is_leap(date->year))
        days++;
    return days;
}

long day_number(const struct date *date)
{
    long year = date->year - 1;
    return year * 365 + year / 4 - year / 100 + year / 400 + day_of_year(date);
}

/* 0 is Monday. */
int weekday(const struct date *date)
{
    return (int) ((day_number(date) + 6) % 7);
}

int compare(const struct date *left, const struct date *right)
{
    long difference = day_number(left) - day_number(right);
    return (difference > 0) - (difference < 0);
}
