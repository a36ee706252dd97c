import assert from 'node:assert/strict'
import { test } from 'node:test'
import { App } from 'aws-cdk-lib'
import { type Plan, planOf } from '../lib/plan.ts'
import { DOMAIN } from './school.fixture.ts'

const planned = (context: Record<string, unknown>): Plan => planOf(new App({ context }).node)

test('a first deployment needs nothing but a stage, and opens no media', () => {
  const { url, mediaUrl, certificate, signingKeys, images } = planned({ stage: 'staging' })
  assert.deepEqual([url, mediaUrl, certificate, images], ['https://school.invalid', 'https://school.invalid', undefined, undefined])
  for (const { name } of signingKeys) assert.match(name, /^nobodys-/)
})

test('a school on a domain of its own has its media on a host below it', () => {
  const { url, mediaUrl, certificate } = planned({ stage: 'production', ...DOMAIN })
  assert.deepEqual([url, mediaUrl, certificate], ['https://school.example', 'https://media.school.example', DOMAIN.certificate])
})

test('two stages share no name in an account', () => {
  const [staging, production] = [planned({ stage: 'staging' }), planned({ stage: 'production' })].map(({ names }) => [
    ...[names.bus, names.contentBus, names.alerts, names.transcoding, names.signIn],
    ...[names.queue('payments'), names.deadLetters('payments'), names.function('api'), names.stack('data')],
  ])
  assert.deepEqual(
    staging?.filter((name) => production?.includes(name)),
    [],
  )
})

test('what cannot be deployed is refused in a sentence that names it', () => {
  const wrong: [context: Record<string, unknown>, says: RegExp][] = [
    [{ stage: 'live' }, /no stage "live"/],
    [{ domian: 'school.example' }, /no setting "domian"\. There are: owner, domain, /],
    [{ domain: 'school.example' }, /"certificate"/],
    [{ certificate: DOMAIN.certificate }, /"domain"/],
    [{ ...DOMAIN, certificate: 'arn:aws:acm:eu-central-1:111122223333:certificate/0a1b' }, /us-east-1/],
    [{ ...DOMAIN, mediaDomain: 'media.elsewhere.example' }, /below that of the school/],
    [{ domain: 'https://school.example' }, /"domain"/],
    [{ url: 'https://school.example' }, /cloudfront\.net/],
    [{ signingKeys: '{"only": "one"}' }, /two names/],
    [{ writerImage: 'lectern-writer:latest' }, /by digest/],
    [{ monthlyBudgetUsd: 'much' }, /dollars/],
    [{ owner: 'nobody' }, /e-mail/],
    [{ codesFrom: 'The school' }, /"codesFrom" is to be an e-mail address/],
    [{ distribution: { id: 'x' } }, /"distribution"/],
  ]
  for (const [context, says] of wrong) assert.throws(() => planned(context), { code: 'bad-plan', message: says })
})
