import assert from 'node:assert/strict'
import { test } from 'node:test'
import { OfferCatalogue } from '#contract/offers.ts'
import { buy } from '#test/buy.ts'
import { refusalOf } from '#test/school.ts'
import { aBundle, aMembership, aPricedCourse, aSellingSchool, EUR, type Selling } from './selling.fixture.ts'

const shown = async ({ store }: Selling) => OfferCatalogue.parse(JSON.parse(new TextDecoder().decode((await store.get('catalogue/offers.json'))?.bytes))).offers
const page = async ({ store }: Selling, id: string): Promise<string> => new TextDecoder().decode((await store.get(`catalogue/pages/${id}.html`))?.bytes)

test('What an admin puts on sale is shown with its courses, and costs what is shown', async (t) => {
  const school = await aSellingSchool(t)
  const courses = [await aPricedCourse(school, 'Colour'), await aPricedCourse(school, 'Light')]
  await school.store.put('web/index.html', '<html><head><title>School</title></head><body><div id="app"></div></body></html>', { type: 'text/html' })
  const { id } = await aBundle(school, courses)
  await school.settle()
  const [offer] = await shown(school)
  assert.deepEqual([offer?.id, offer?.courses.map(({ title }) => title)], [id, ['Colour', 'Light']])
  const quoted = await school.visitor.payments.quote({ item: { kind: 'offer', offer: id, every: 'once' } })
  assert.deepEqual(quoted.dueNow, EUR(9900))
  const html = await page(school, id)
  for (const part of ['<title>Both · Test School</title>', '<meta property="og:title" content="Both">', '>Colour</a>']) assert.ok(html.includes(part), part)
})

test('A course that leaves the catalogue leaves its offers, and the last one takes the offer off sale until it is back', async (t) => {
  const school = await aSellingSchool(t)
  const [colour, light] = [await aPricedCourse(school, 'Colour'), await aPricedCourse(school, 'Light')]
  const { id } = await aBundle(school, [colour, light])
  const item = { kind: 'offer', offer: id, every: 'once' } as const
  const quoted = async () => (await school.visitor.payments.quote({ item })).courses.map(({ title }) => title)
  const inFile = async () => (await shown(school)).flatMap(({ courses }) => courses.map(({ title }) => title))

  await school.teacher.client.courses.unpublish({ course: colour })
  await school.settle()
  assert.deepEqual([await inFile(), await quoted()], [['Light'], ['Light']])

  await school.teacher.client.courses.unpublish({ course: light })
  await school.teacher.client.courses.remove({ course: light })
  await school.settle()
  assert.deepEqual(await shown(school), [])
  assert.equal(await refusalOf(quoted()), 'not-found')

  await school.teacher.client.courses.publish({ course: colour })
  await school.settle()
  assert.deepEqual([await inFile(), await quoted()], [['Colour'], ['Colour']])
})

test('An offer is shown as it was last changed, and not at all once it is off sale', async (t) => {
  const school = await aSellingSchool(t)
  const courses = [await aPricedCourse(school, 'Colour')]
  const { id, updatedAt: _, courses: __, ...bundle } = await aBundle(school, courses)
  await school.admin.client.offers.change({ ...bundle, offer: id, courses, title: 'Colour, whole' })
  await school.settle()
  assert.deepEqual(
    (await shown(school)).map(({ title }) => title),
    ['Colour, whole'],
  )
  await school.admin.client.offers.change({ ...bundle, offer: id, courses, isOnSale: false })
  await school.settle()
  assert.deepEqual(await shown(school), [])
  assert.equal(await refusalOf(school.visitor.payments.quote({ item: { kind: 'offer', offer: id, every: 'once' } })), 'not-found')
  assert.equal((await school.admin.client.offers.list({})).offers[0]?.isOnSale, false)
})

test('Prices that do not fit how an offer is paid, that are there twice or cannot be charged are refused', async (t) => {
  const school = await aSellingSchool(t)
  const course = await aPricedCourse(school, 'Colour')
  const base = { title: 'Everything', summary: '', courses: [course], isOnSale: true }
  const once = (amountMinor: number, currency = 'EUR') => ({ every: 'once' as const, price: { amountMinor, currency } })
  const monthly = { every: 'month' as const, price: EUR(1900) }
  const { create } = school.admin.client.offers
  for (const [terms, prices] of [
    [{ kind: 'once' }, [monthly]],
    [{ kind: 'instalments', count: 3 }, [once(9900)]],
    [{ kind: 'membership', trialDays: 0 }, [monthly, once(9900)]],
    [{ kind: 'once' }, [once(9900), once(8900)]],
    [{ kind: 'once' }, [once(1)]],
    [{ kind: 'once' }, [once(9900, 'QQQ')]],
    [{ kind: 'once' }, [once(1235, 'KWD')]],
    [{ kind: 'instalments', count: 1 }, [monthly]],
    [{ kind: 'once' }, []],
  ] as const) {
    assert.equal(await refusalOf(create({ ...base, terms, prices: [...prices] })), 'bad-input')
  }
  const draft = (await school.teacher.client.courses.create({ title: 'Draft' })).id
  for (const courses of [[draft], ['crs_00000000'], [course, course]]) {
    assert.equal(await refusalOf(create({ ...base, courses, terms: { kind: 'once' }, prices: [once(9900)] })), 'bad-input')
  }
  assert.equal(await refusalOf(school.teacher.client.offers.list({})), 'not-allowed')
  assert.deepEqual((await school.admin.client.offers.list({})).offers, [])
})

test('What an offer is paid by is for good, and an offer nobody has made cannot be changed', async (t) => {
  const school = await aSellingSchool(t)
  const courses = [await aPricedCourse(school, 'Colour')]
  const { id, updatedAt: _, courses: __, ...bundle } = await aBundle(school, courses)
  const { change } = school.admin.client.offers
  const monthly = { terms: { kind: 'membership' as const, trialDays: 0 }, prices: [{ every: 'month' as const, price: EUR(1900) }] }
  assert.equal(await refusalOf(change({ ...bundle, ...monthly, offer: id, courses })), 'bad-input')
  assert.equal(await refusalOf(change({ ...bundle, offer: 'off_00000000', courses })), 'not-found')
})

test('A bundle lets its buyer into each of its courses, and is refused to somebody who has them all', async (t) => {
  const school = await aSellingSchool(t)
  const courses = [await aPricedCourse(school, 'Colour'), await aPricedCourse(school, 'Light')]
  const { id } = await aBundle(school, courses)
  const lena = await school.person('Lena')
  const item = { kind: 'offer', offer: id, every: 'once' } as const
  const order = await buy(lena, item)
  school.provider.pay(order.checkoutUrl)
  await school.reconcile()
  const { enrolled } = await lena.client.learning.mine({})
  assert.deepEqual(enrolled.map(({ course }) => course.id).toSorted(), courses.toSorted())
  assert.equal(await refusalOf(buy(lena, item)), 'already-enrolled')
})

test('A membership is quoted by month and year, and nothing is due while it is tried', async (t) => {
  const school = await aSellingSchool(t)
  const { id } = await aMembership(school, [await aPricedCourse(school, 'Colour')], 14)
  const { quote } = school.visitor.payments
  const monthly = await quote({ item: { kind: 'offer', offer: id, every: 'month' } })
  assert.deepEqual([monthly.dueNow, monthly.later, monthly.terms], [EUR(0), EUR(1900), { kind: 'membership', every: 'month', trialDays: 14 }])
  assert.deepEqual((await quote({ item: { kind: 'offer', offer: id, every: 'year' } })).later, EUR(19_000))
  assert.equal(await refusalOf(quote({ item: { kind: 'offer', offer: id, every: 'once' } })), 'not-found')
  assert.equal(await refusalOf(quote({ item: { kind: 'offer', offer: id, every: 'month' }, recipient: { kind: 'gift' } })), 'not-for-sale')
})
