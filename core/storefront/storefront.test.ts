import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { Home } from '#contract/storefront.ts'
import { USUAL_HOME } from '#contract/usual.ts'
import { aCourse, aLesson } from '#test/builders.ts'
import { openSchool, refusalOf, type School } from '#test/school.ts'

const SHELL = `<!doctype html><html lang="en"><head><title>Lectern</title><link rel="icon" href="/favicon.svg" type="image/svg+xml" /></head><body><div id="app" class="isolate"></div></body></html>`
/** A PNG of one colour as its first bytes have it: signature, IHDR, width and height. */
const aPng = (width: number, height = width): Buffer => {
  const bytes = Buffer.alloc(64)
  bytes.write('\x89PNG\r\n\x1a\n', 0, 'latin1')
  bytes.write('IHDR', 12, 'latin1')
  bytes.writeUInt32BE(width, 16)
  bytes.writeUInt32BE(height, 20)
  return bytes
}
const EMPTY = { name: '', tagline: '', footerText: '', footerLinks: [] }

const opened = async (context: TestContext): Promise<School> => {
  const school = await openSchool()
  context.after(() => school.close())
  await school.store.put('web/index.html', SHELL, { type: 'text/html' })
  return school
}
const textOf = async ({ store }: School, key: string): Promise<string> => new TextDecoder().decode((await store.get(key))?.bytes)

const aPublished = async (school: School, title = 'Light & <shade>') => {
  const teacher = await school.person(`Theo${title.length}`, 'instructor')
  const { course, section } = await aCourse(teacher, { title })
  await aLesson(teacher, { course, section })
  await teacher.client.courses.publish({ course })
  await school.settle()
  return { teacher, course }
}

test('a school renamed on the page has the new name in its catalogue, its pages and its letters', async (context) => {
  const school = await opened(context)
  const { course } = await aPublished(school)
  const admin = await school.person('Ada', 'admin')
  assert.equal((await school.visitor.accounts.school({})).name, 'Test School')
  const before = await admin.client.storefront.settings({})
  assert.deepEqual([before.openedAs, before.brand.version], ['Test School', 0])
  const accent = { hue: 20, chroma: 0.15 }
  await admin.client.storefront.putBrand({ version: 0, value: { ...EMPTY, name: '  Fern & Quill  ', tagline: 'Drawing, slowly', accent } })
  await school.settle()
  assert.equal((await school.visitor.accounts.school({})).name, 'Fern & Quill')
  assert.match(await textOf(school, 'catalogue/index.json'), /"school":"Fern & Quill"/)
  const page = await textOf(school, 'catalogue/pages/light-shade.html')
  assert.match(page, /<title>Light &amp; &lt;shade&gt; · Fern &amp; Quill<\/title>/)
  assert.match(page, /og:site_name" content="Fern &amp; Quill"/)
  assert.match(page, /<meta name="lectern-accent" content="20 0.15">/)
  assert.match(page, /<noscript><main><h1>Light &amp; &lt;shade&gt;/)
  const manifest = JSON.parse(await textOf(school, 'catalogue/manifest.webmanifest'))
  assert.deepEqual([manifest.name, manifest.description, manifest.icons.length], ['Fern & Quill', 'Drawing, slowly', 3])
  assert.match(manifest.theme_color, /^#[0-9a-f]{6}$/)
  const learner = await school.person('Lena')
  await learner.client.learning.enrol({ course })
  await school.settle()
  const [welcome] = school.letters.filter(({ to }) => to === learner.email)
  assert.match(welcome?.text ?? '', /Fern & Quill$/)
})

test('a name taken away is the one the school was opened with', async (context) => {
  const school = await opened(context)
  const { client } = await school.person('Ada', 'admin')
  const { brand } = await client.storefront.putBrand({ version: 0, value: { ...EMPTY, name: 'Fern' } })
  await client.storefront.putBrand({ version: brand.version, value: EMPTY })
  assert.equal((await school.visitor.accounts.school({})).name, 'Test School')
})

test('two who change the settings at once do not undo each other', async (context) => {
  const school = await opened(context)
  const { client } = await school.person('Ada', 'admin')
  const wanted = { version: 0, value: { ...EMPTY, name: 'One' } }
  const { brand } = await client.storefront.putBrand(wanted)
  assert.equal(await refusalOf(client.storefront.putBrand({ version: 0, value: { ...EMPTY, name: 'Two' } })), 'conflict')
  assert.equal(await refusalOf(client.storefront.putBrand({ version: brand.version + 1, value: EMPTY })), 'conflict')
  assert.equal(await refusalOf(client.storefront.putHome({ version: 3, value: USUAL_HOME })), 'conflict')
  const { version } = await client.storefront.putLegal({ page: 'terms', version: 0, text: 'Ours' })
  assert.equal(await refusalOf(client.storefront.putLegal({ page: 'terms', version: 0, text: 'Theirs' })), 'conflict')
  assert.equal((await client.storefront.putLegal({ page: 'terms', version, text: 'Later' })).text, 'Later')
  assert.equal((await school.visitor.accounts.school({})).name, 'One')
})

test('nobody but an admin changes what the school says of itself', async (context) => {
  const school = await opened(context)
  const [teacher, learner] = [await school.person('Theo', 'instructor'), await school.person('Lena')]
  for (const { client } of [teacher, learner]) {
    assert.equal(await refusalOf(client.storefront.settings({})), 'not-allowed')
    assert.equal(await refusalOf(client.storefront.putBrand({ version: 0, value: EMPTY })), 'not-allowed')
    assert.equal(await refusalOf(client.storefront.putHome({ version: 0, value: USUAL_HOME })), 'not-allowed')
    assert.equal(await refusalOf(client.storefront.putLegal({ page: 'terms', version: 0, text: 'x' })), 'not-allowed')
    assert.equal(await refusalOf(client.storefront.putImage({ use: 'logo', base64: aPng(300).toString('base64') })), 'not-allowed')
  }
  assert.equal(await refusalOf(school.visitor.storefront.settings({})), 'not-signed-in')
})

test('a legal page keeps its text whatever its letters, stands in the footer, and leaves it when it is emptied', async (context) => {
  const school = await opened(context)
  const { client } = await school.person('Ada', 'admin')
  assert.equal(await refusalOf(school.visitor.storefront.legal({ page: 'imprint' })), 'not-found')
  assert.equal((await client.storefront.legal({ page: 'imprint' })).version, 0)
  const text = '  # Impressum\r\n\nمرحبا \u{1f33f} e\u0301 <script>alert(1)</script>\n'
  const { version } = await client.storefront.putLegal({ page: 'imprint', version: 0, text })
  await client.storefront.putLegal({ page: 'terms', version: 0, text: 'Fair ones.' })
  await school.settle()
  assert.equal((await school.visitor.storefront.legal({ page: 'imprint' })).text, text)
  assert.deepEqual((await school.visitor.accounts.school({})).footer.legal, ['imprint', 'terms'])
  assert.match(await textOf(school, 'catalogue/sitemap.xml'), /school\.test\/legal\/imprint</)
  await client.storefront.putLegal({ page: 'imprint', version, text: ' \n' })
  await school.settle()
  assert.deepEqual((await school.visitor.accounts.school({})).footer.legal, ['terms'])
  assert.doesNotMatch(await textOf(school, 'catalogue/sitemap.xml'), /imprint/)
})

test('the home page is what the admin has put together, and reads without scripts', async (context) => {
  const school = await opened(context)
  const { course } = await aPublished(school)
  const { client } = await school.person('Ada', 'admin')
  assert.deepEqual(Home.parse(JSON.parse(await textOf(school, 'catalogue/home.json'))), USUAL_HOME)
  const [hero, featured, ...rest] = USUAL_HOME.sections
  assert.ok(hero?.kind === 'hero' && featured?.kind === 'featured')
  const text = { id: 'sec_textabcdefgh', kind: 'text' as const, isOn: true, title: 'Why', text: '**Because**' }
  const sections = [{ ...hero, title: 'Learn to <see>' }, text, { ...featured, courses: [course] }, ...rest.map((each) => ({ ...each, isOn: false }))]
  await client.storefront.putHome({ version: 0, value: { sections } })
  await school.settle()
  assert.deepEqual(JSON.parse(await textOf(school, 'catalogue/home.json')), { sections })
  const page = await textOf(school, 'catalogue/pages/_home.html')
  assert.match(page, /<noscript><main><h1>Learn to &lt;see&gt;<\/h1>.*<a href="\/courses\/light-shade">Light &amp; &lt;shade&gt;<\/a>/)
  assert.match(page, /"@type":"EducationalOrganization"/)
  assert.match(page, /<link rel="canonical" href="http:\/\/school.test\/">/)
  const twice = { version: 1, value: { sections: [text, text] } }
  assert.equal(await refusalOf(client.storefront.putHome(twice)), 'bad-input')
})

test('a link that runs something, or a picture from elsewhere, is refused', async (context) => {
  const school = await opened(context)
  const { client } = await school.person('Ada', 'admin')
  for (const url of [
    'javascript:alert(1)',
    '//evil.example',
    '/\\evil.example',
    'http://plain.example',
    'data:text/html,x',
    ' https://a.example',
    'https://a b',
    '',
  ])
    assert.equal(await refusalOf(client.storefront.putBrand({ version: 0, value: { ...EMPTY, footerLinks: [{ label: 'Here', url }] } })), 'bad-input', url)
  for (const logo of ['https://evil.example/x.png', '/catalogue/school/../x.png', '/catalogue/school/logo.svg'])
    assert.equal(await refusalOf(client.storefront.putBrand({ version: 0, value: { ...EMPTY, logo } })), 'bad-input', logo)
  for (const url of ['/', '/courses/light', 'https://social.example/@fern', 'mailto:fern@school.example'])
    assert.equal(
      await refusalOf(
        client.storefront.putBrand({
          version: (await client.storefront.settings({})).brand.version,
          value: { ...EMPTY, footerLinks: [{ label: 'Here', url }] },
        }),
      ),
      'answered',
      url,
    )
})

test('pictures are taken for what their bytes say', async (context) => {
  const school = await opened(context)
  const { client } = await school.person('Ada', 'admin')
  const send = (use: 'logo' | 'icon' | 'picture', bytes: Buffer) => client.storefront.putImage({ use, base64: bytes.toString('base64') })
  const { url } = await send('icon', aPng(512))
  assert.match(url, /^\/catalogue\/school\/[a-f0-9]{32}\.png$/)
  assert.equal((await school.store.head(url.slice(1)))?.type, 'image/png')
  assert.equal((await send('logo', aPng(512))).url, url)
  assert.equal(await refusalOf(send('icon', aPng(512, 300))), 'wrong-type')
  assert.equal(await refusalOf(send('icon', aPng(64))), 'wrong-type')
  for (const wrong of ['<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', 'GIF89a', '<!doctype html>', '\x89PNG'])
    assert.equal(await refusalOf(send('logo', Buffer.from(wrong, 'latin1'))), 'wrong-type', wrong)
  assert.equal(await refusalOf(client.storefront.putImage({ use: 'logo', base64: 'ä' })), 'bad-input')
  assert.equal(await refusalOf(client.storefront.putImage({ use: 'logo', base64: 'A'.repeat(900_000) })), 'bad-input')
  const logo = await send('picture', Buffer.concat([Buffer.from('\xff\xd8\xff', 'latin1'), Buffer.alloc(40)]))
  await client.storefront.putBrand({ version: 0, value: { ...EMPTY, logo: logo.url, icon: url } })
  await school.settle()
  assert.match(await textOf(school, 'catalogue/pages/_home.html'), new RegExp(`og:image" content="http://school.test${logo.url}"`))
  assert.match(await textOf(school, 'catalogue/pages/_home.html'), new RegExp(`<link rel="icon" href="${url}" type="image/png" />`))
})

test('search engines and readers find each published course, and no other', async (context) => {
  const school = await opened(context)
  const { teacher, course } = await aPublished(school)
  await aCourse(teacher, { title: 'A secret draft' })
  await school.settle()
  const files = async () => [await textOf(school, 'catalogue/sitemap.xml'), await textOf(school, 'catalogue/feed.xml')]
  for (const file of await files()) {
    assert.match(file, /http:\/\/school\.test\/courses\/light-shade/)
    assert.doesNotMatch(file, /secret|<shade>/)
  }
  assert.match(await textOf(school, 'catalogue/feed.xml'), /<entry>.*<title>Light &amp; &lt;shade&gt;<\/title>/)
  assert.match(await textOf(school, 'catalogue/robots.txt'), /Disallow: \/learning\n.*Sitemap: http:\/\/school\.test\/sitemap\.xml/s)
  await teacher.client.courses.unpublish({ course })
  await school.settle()
  for (const file of await files()) assert.doesNotMatch(file, /light-shade/)
})
