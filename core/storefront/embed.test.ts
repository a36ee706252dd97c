import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { aCourse, aLesson } from '#test/builders.ts'
import { openSchool, refusalOf } from '#test/school.ts'

const school = await openSchool()
after(() => school.close())
const theo = await school.person('Theo', 'instructor')
await school.store.put('web/index.html', '<html><head><title>x</title></head><body><div id="app"></div></body></html>', { type: 'text/html' })
const { course, section } = await aCourse(theo, { title: 'Light & "shade"' })
const lesson = await aLesson(theo, { course, section })
await theo.client.courses.updateLesson({ lesson, text: 'Look.' })
const { slug } = await theo.client.courses.publish({ course })
await school.settle()
const ask = (url: string) => school.visitor.storefront.embed({ url })

test('a site that links to a course finds in its page whom to ask, and is told title, teacher and school', async () => {
  const page = new TextDecoder().decode((await school.store.get(`catalogue/pages/${slug}.html`))?.bytes)
  const [, address = ''] = /<link rel="alternate" type="application\/json\+oembed" href="([^"]+)" title="Light &amp; &quot;shade&quot;">/.exec(page) ?? []
  const answer = await school.api(new Request(`${address}&format=json&maxwidth=400`))
  assert.equal(answer.status, 200)
  const { type, title, author_name, provider_url } = JSON.parse(await answer.text())
  assert.deepEqual([type, title, author_name, provider_url], ['link', 'Light & "shade"', 'Theo', 'http://school.test'])
})

test('nothing is said of another school, another page, or a course that is not shown', async () => {
  const wrong = [
    `http://other.test/courses/${slug}`,
    'http://school.test/',
    `http://school.test/courses/${slug}/../../media`,
    'http://school.test/courses/none',
    'no address',
  ]
  for (const url of [...wrong, `http://school.test/courses/${slug}.json`, 'http://school.test/courses/..%2fsecret'])
    assert.equal(await refusalOf(ask(url)), 'not-found', url)
  await theo.client.courses.unpublish({ course })
  await school.settle()
  assert.equal(await refusalOf(ask(`http://school.test/courses/${slug}`)), 'not-found')
})
