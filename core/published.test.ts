import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { aCourse, aLesson } from '#test/builders.ts'
import { openSchool, type School } from '#test/school.ts'

const SHELL = '<!doctype html><html lang="en"><head><title>Lectern</title></head><body><div id="app" class="isolate"></div></body></html>'

/** A school with an app that draws what it is given in a few words. */
const opened = async (context: TestContext): Promise<School> => {
  const school = await openSchool()
  context.after(() => school.close())
  await school.store.put('web/index.html', SHELL, { type: 'text/html' })
  school.world.pages = {
    draw: async ({ path, ...shows }) => ({ html: `<h1>Drawn: ${path} of ${Object.keys(shows).sort().join(' ')}</h1>`, figures: { '5 hour': '5 hr' } }),
    read: async (text, naming) => `<p id="${naming.isWhole ? 'text' : naming.name}">${text.length}</p>`,
  }
  return school
}
const textOf = async ({ store }: School, key: string): Promise<string | undefined> => {
  const found = await store.get(key)
  return found && new TextDecoder().decode(found.bytes)
}
const aPublished = async (school: School) => {
  const teacher = await school.person('Theo', 'instructor')
  const { course, section } = await aCourse(teacher, { title: 'Light </script><b>' })
  const lesson = await aLesson(teacher, { course, section, title: 'A first look' })
  await teacher.client.courses.update({ course, description: 'How **light** falls.' })
  const publish = async () => {
    await teacher.client.courses.publish({ course })
    await school.settle()
  }
  await publish()
  return { teacher, course, lesson, publish }
}
const SLUG = 'light-script-b'

test('a published page shows what the app would show, and hands it what it shows that from', async (context) => {
  const school = await opened(context)
  await aPublished(school)
  const page = (await textOf(school, `catalogue/pages/${SLUG}.html`)) ?? ''
  assert.match(page, new RegExp(`<div id="app" class="isolate"><h1>Drawn: /courses/${SLUG} of course offers school</h1></div>`))
  assert.match(page, /<title>Light &lt;\/script&gt;&lt;b&gt; · Test School<\/title>/)
  const [, json = ''] = /<script type="application\/json" id="published">(.*?)<\/script>/s.exec(page) ?? []
  const { course, school: facts, figures } = JSON.parse(json)
  const [, data = ''] = /<script type="application\/ld\+json">(.*?)<\/script>/s.exec(page) ?? []
  assert.equal(JSON.parse(data).name, 'Light </script><b>', 'what search engines read is whole')
  assert.deepEqual([course.title, facts.name], ['Light </script><b>', 'Test School'])
  assert.deepEqual(figures, { '5 hour': '5 hr' })
  // The same in the file that whoever comes from another page reads.
  assert.equal(course.html.description, '<p id="text">20</p>')
  assert.deepEqual(JSON.parse((await textOf(school, `catalogue/${SLUG}.json`)) ?? '').html, course.html)
  assert.match((await textOf(school, 'catalogue/pages/_home.html')) ?? '', /<h1>Drawn: \/ of courses home offers school<\/h1>/)
})

test('what cannot be drawn is published all the same, to be read without the app', async (context) => {
  const school = await opened(context)
  school.world.pages = { draw: () => Promise.reject(new Error('A component is broken.')), read: async () => '' }
  await aPublished(school)
  const page = (await textOf(school, `catalogue/pages/${SLUG}.html`)) ?? ''
  assert.match(page, /<noscript><main><h1>Light &lt;\/script&gt;&lt;b&gt;<\/h1>/)
  assert.doesNotMatch(page, /id="published"/)
})

test('a free preview has a page that can be found for as long as it is one', async (context) => {
  const school = await opened(context)
  const { teacher, course, lesson, publish } = await aPublished(school)
  const key = `catalogue/pages/learn/${SLUG}/${lesson}.html`
  const isListed = async () => ((await textOf(school, 'catalogue/sitemap.xml')) ?? '').includes(`http://school.test/learn/${SLUG}/${lesson}`)
  assert.deepEqual([await textOf(school, key), await isListed()], [undefined, false])
  await teacher.client.courses.updateLesson({ lesson, isPreview: true })
  await publish()
  assert.match((await textOf(school, key)) ?? '', /<title>A first look · Test School<\/title>.*<h1>Drawn: .* of preview school<\/h1>/s)
  assert.equal(await isListed(), true)
  await teacher.client.courses.updateLesson({ lesson, isPreview: false })
  await publish()
  assert.deepEqual([await textOf(school, key), await isListed()], [undefined, false])
  await teacher.client.courses.updateLesson({ lesson, isPreview: true })
  await publish()
  await teacher.client.courses.unpublish({ course })
  await school.settle()
  assert.deepEqual([await textOf(school, key), await isListed()], [undefined, false])
})

test('a legal page is read where everybody reads it, and gone when nothing is written any more', async (context) => {
  const school = await opened(context)
  const admin = await school.person('Ada', 'admin')
  const { version } = await admin.client.storefront.putLegal({ page: 'imprint', version: 0, text: '# Who we are' })
  await school.settle()
  const { changedAt: _, ...written } = JSON.parse((await textOf(school, 'catalogue/legal/imprint.json')) ?? '')
  assert.deepEqual(written, { page: 'imprint', text: '# Who we are', html: '<p id="text">12</p>' })
  assert.match(
    (await textOf(school, 'catalogue/pages/legal/imprint.html')) ?? '',
    /<title>Imprint · Test School<\/title>.*Drawn: \/legal\/imprint of legal school/s,
  )
  await admin.client.storefront.putLegal({ page: 'imprint', version, text: '' })
  await school.settle()
  assert.deepEqual([await textOf(school, 'catalogue/legal/imprint.json'), await textOf(school, 'catalogue/pages/legal/imprint.html')], [undefined, undefined])
})
