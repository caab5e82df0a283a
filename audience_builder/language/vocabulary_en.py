"""English words by what they are, in the notation of `vocabulary_ko`."""

from __future__ import annotations

from typing import Final

WORDS: Final = """
search - | search, searched, searches, searching, looked for, looked up, searched for, looking for
view - | view, viewed, views, viewing, browsed, looked at, saw, product views, product view, checked out pages of
cart - | cart, carted, added to cart, put in the cart, added to the cart, put in cart, cart additions
left - | abandoned cart, abandoned their cart, abandoned a cart, left in the cart, cart abandoners, left the cart, abandoned, left behind
checkout_left - | abandoned checkout, left at checkout, dropped at checkout, abandoned at checkout
checkout - | started checkout, reached checkout
payment_failed - | payment failed, failed payment
wish - | wishlist, wishlisted, wished, wishes, wish, wish list, saved, favourited, favorited, hearted
visit - | visit, visited the app, visits, visited, opened the app, app opens, app opened, open the app, sessions, session, app visits, logged in, came to the app, launched the app, use the app, used the app, app sessions, visited our site
last_visit - | last visit, last visited, last seen, last session, last login, last opened the app
book - | book, booked, booking, bookings, bought, purchased, purchase, purchases, reserved, reservation, reservations, buy, ordered, orders, took, rented, rides
stayed - | stayed, stayed at, stayed in, been to, travelled to, traveled to, went to, visited in person, stay in the past, have stayed, stays in
check_out - | checked out, check out
pay - | paid, pay, spent, spend, spending
spend - | total spend, total spending, lifetime spend, total paid, gmv, revenue, total spent
per_booking - | per booking, each booking, a booking, per order, each time
aov - | average order value, aov, average booking value, average spend per booking, average spend, avg booking value, avg order value
cycle - | payment cycle, purchase cycle, booking cycle
last_booking - | last booking, last booked, last purchase, most recent booking, latest booking, last reservation
prefer - | prefer, preferred nights, usually stay, mostly stay, preferred stay day, prefer staying
lead - | lead time, median lead time
cancel - | cancel, cancelled, canceled, cancels, cancellation, cancellations, cancelled a booking, canceled a booking, refunded
cancel_rate - | cancellation rate, cancel rate
live - | live, living, lives, based, residing, reside, resident, residents, home region, living in, located, from
tier_word - | tier, membership tier, membership, level, tier members
device_word - | device, devices, on, using
stage_word - | life stage
gender_word - | gender
age_word - | age, aged, ages, years old, year olds, year-olds
signup - | sign up, signed up, signup, sign-up, joined, registered, sign-ups
consent - | consent, consented, opted in, opt in, opt-in, opted-in, opt ins, consents, subscribed, consenting, agreed to receive, opted into, accept, consented to, push consent
consent_refused - | opted out, opt out, refused, unsubscribed
night - | night, at night, night-time, nighttime
trip - | upcoming trip, upcoming trips, checking in, check in, check-in, travelling, traveling, flying, departing, leaving, trip, going to, trips, check-ins, have a trip, arriving
in_trip - | on a trip, currently travelling, in trip, on the trip, currently traveling, travelling now
intent_word - | overseas intent, intent to travel abroad, overseas travel intent, travel intent, intent
lines_word - | product lines, product line, services, product lines used, lines
not - | not, didn't, did not, don't, do not, haven't, have not, hasn't, has not, isn't, aren't, are not, is not, didnt, havent, won't, doesn't, does not
none - | no, without, zero, lacking, with no
never - | never, never ever, at all
yet - | yet
exist - | any, some, at least once
exclude - | excluding, exclude, except, but not, except for, leave out, minus, other than, apart from
mark_yes - | yes
only - | only, just, exclusively
both - | both, all of
or - | or, |
and - | and, but, who, that, &, also, whose, plus, as well as, and also, while, although, though, with, have, has, had, which
ge - | or higher, or above, or more, at least, and above, and up, minimum, or better, +, no less than, a minimum of, and over, or older, >=, ≥, up
gt - | over, more than, above, greater than, exceeding, exceeds, older than, >, longer than
le - | at most, or less, or lower, or below, up to, no more than, maximum, or fewer, not more than, <=, ≤, or younger, and under, or under
lt - | under, less than, fewer than, below, younger than, <
eq - | exactly, precisely, =
about - | about, around, roughly, approximately
top - | top, highest
bottom - | bottom, lowest
known - | known
unknown_value - | unknown
user - | customer, customers, member, members, user, users, people, person, guest, guests, traveller, travellers, traveler, travelers, audience, segment, everyone who, anyone who, those, anyone, folks, clients, buyers, someone
per - | times, time, x
filler - | a, an, the, in, at, of, to, for, is, are, was, were, be, been, them, their, they, he, she, our, my, i, want, find, show, me, give, please, on, by, within, during, who have, having, by number of, the app, it, its, so far, total, in total, overall, on the app, ever, made, make, making, did, do, done, than, from, value, rate of, between, days, once they, already, currently, also, worth of, their last, still, something, anything, place, places, them all, between the ages of, hotel stay, type, stay, stays, stay at, package, any kind, kind, as, living as, staying, somewhere, trips to, visit to, in their, via, through, us, ones, page, pages, dates
"""

EDITS: Final = """
add - | add, also require, require, also add, include, restrict to, limit to, only keep, keep only, also include
remove - | remove, drop, delete, take out, get rid of, leave out, exclude
change - | change, set, replace, switch, swap, update, make it, make
raise - | raise, increase, extend, lengthen
lower - | lower, reduce, decrease, shorten
instead - | instead of, to, with, instead
condition_word - | condition, conditions, filter, filters, criterion
period_word - | period, window, time frame
"""

VAGUE: Final = """
regular | regulars, regular customers, regular
loyal | loyal customers, loyal
dormant | dormant, inactive, dormant members
new_member | new members, new customers, newcomers, new users, new
never_booked | never-bookers, non-bookers
rebuyer | repeat customers, repeat buyers, rebookers
churn_risk | at risk, churn risk, at-risk
churned | churned, lapsed, lapsed customers, churned customers
active | active, active users, active customers, active members
high_aov | high aov, high average order value
big_spender | big spenders, whales, high spenders
heavy | heavy users, power users
light | light users
early_bird | early birds, early bookers, planners
impulsive | last-minute bookers, spontaneous
family | families, family, families with kids, families with children
pet_owner | pet owners
mz | gen mz, millennials and gen z
senior | seniors, elderly
"""

WAITS: Final = """
benefits | coupon, coupons, points, point balance, reward, rewards, voucher, vouchers, used a coupon
review | review, reviews, rating, ratings, star rating, stars, reviewed
reactions | open our emails, opened our emails, opened an email, opened a push, clicked, click, opens emails, open emails, open rate, click rate, emails opened, opened emails, pushes opened, opened our push
birthday | birthday, birthdays, born
push_state | push token, notifications off, notifications on
app_state | uninstalled, installed the app, deleted the app
source | came from, traffic source, acquired, referred, came via
payment_method | credit card, kakaopay, naverpay, paid by card, paid with, payment method
discount | discount, discounts, discounted
brand | sono, lotte hotel, shilla, hilton, marriott, hyatt, brand, brands
grade | five-star, four-star, 5-star, 4-star, star grade
outcome | sold out, sold-out
change_vs_previous | compared to, versus last, decrease in, increase in, less than before, more than before
account_type | business account, business accounts, corporate
propensity | likely, most likely, likelihood, probability, propensity
bundle | bundle, bundled, package deal
income | income, salary, occupation, job, wealthy, rich
"""
