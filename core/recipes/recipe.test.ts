import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { openSchool, refusalOf } from '#test/school.ts'
import { laddersOf } from './ladder.ts'
import { Recipe, readRecipe, SHIPPED } from './recipe.ts'

const school = await openSchool()
after(() => school.close())

const recipeNamed = (name: string): Recipe => Recipe.parse(SHIPPED.find((recipe) => recipe.name === name))
const at30 = { fps: { num: 30, den: 1 } }
const sizes = (width: number, height: number, name = 'standard'): string[] =>
  laddersOf({ width, height, ...at30 }, recipeNamed(name)).first.rungs.map((rung) => `${rung.name} ${rung.width}x${rung.height}`)
test('a picture gets the rungs it can fill, and is never enlarged', () => {
  assert.deepEqual(sizes(1920, 1080), ['1080p 1920x1080', '720p 1280x720', '480p 854x480', '270p 480x270'])
  assert.deepEqual(sizes(3840, 2160), ['1080p 1920x1080', '720p 1280x720', '480p 854x480', '270p 480x270'])
  assert.deepEqual(sizes(1280, 720), ['720p 1280x720', '480p 854x480', '270p 480x270'])
})

test('a picture well between two rungs keeps its own size too', () => {
  assert.deepEqual(sizes(1440, 900), ['900p 1440x900', '720p 1152x720', '480p 768x480', '270p 432x270'])
  assert.deepEqual(sizes(888, 500), ['480p 852x480', '270p 480x270'])
})

test('a picture smaller than every rung is a rung by itself', () => {
  assert.deepEqual(sizes(320, 180), ['180p 320x180'])
})

test('a portrait picture is measured by its width', () => {
  assert.deepEqual(sizes(1080, 1920), ['1080p 1080x1920', '720p 720x1280', '480p 480x854', '270p 270x480'])
})

test('odd sizes become even ones', () => {
  assert.deepEqual(sizes(641, 361), ['360p 640x360', '270p 480x270'])
})

test('the quality recipe goes up to 4K where the source does, and starts no higher where it does not', () => {
  assert.equal(sizes(3840, 2160, 'quality')[0], '2160p 3840x2160')
  assert.equal(sizes(1920, 1080, 'quality')[0], '1080p 1920x1080')
})

test('the thrifty recipe makes H.264 first, and AV1 beside it later', () => {
  const { first, later } = laddersOf({ width: 1920, height: 1080, ...at30 }, recipeNamed('thrifty'))
  assert.ok(first.rungs.every(({ codec }) => codec === 'h264'))
  assert.deepEqual(
    later?.rungs.map(({ name, codec }) => `${name} ${codec}`),
    ['1080a av1', '720a av1'],
  )
})

test('fast pictures may take half as much again', () => {
  const rate = (fps: number): number | undefined =>
    laddersOf({ width: 1280, height: 720, fps: { num: fps, den: 1 } }, recipeNamed('standard')).first.rungs[0]?.maxrateKbps
  assert.deepEqual([rate(30), rate(60)], [1800, 2700])
})

test('every shipped recipe is one, and a ladder that not everybody can play is none', () => {
  for (const recipe of SHIPPED) Recipe.parse(recipe)
  const thrifty = recipeNamed('thrifty')
  assert.throws(() => Recipe.parse({ ...thrifty, families: thrifty.families.toReversed() }))
  assert.throws(() => Recipe.parse({ ...thrifty, families: [thrifty.families[0], thrifty.families[0]] }))
})

test('a school’s own recipe is an object under recipes/, offered beside the shipped ones and chosen by name', async () => {
  const teacher = await school.person('Theo', 'instructor')
  const own = {
    ...recipeNamed('standard'),
    name: 'tiny',
    title: 'Tiny',
    families: [{ ...recipeNamed('standard').families[0], rungs: [{ name: '270p', shortSide: 270, crf: 24, maxrateKbps: 350 }] }],
  }
  await school.store.put('recipes/tiny.json', JSON.stringify(own), { type: 'application/json' })
  const { recipes, chosen } = await teacher.client.recipes.all({})
  assert.equal(chosen, 'standard')
  assert.deepEqual(recipes.map(({ name }) => name).toSorted(), ['quality', 'standard', 'thrifty', 'tiny'])
  assert.equal((await readRecipe(school.world, 'tiny')).families[0]?.rungs.length, 1)
  const { rungs } = await teacher.client.recipes.estimate({ durationSeconds: 60, width: 1920, height: 1080, recipe: 'tiny' })
  assert.deepEqual(
    rungs.map(({ name }) => name),
    ['270p'],
  )
  assert.equal(await refusalOf(teacher.client.recipes.estimate({ durationSeconds: 60, width: 1920, height: 1080, recipe: 'nonesuch' })), 'bad-input')
})
