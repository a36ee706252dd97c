import { Aws, CfnOutput, type Stack } from 'aws-cdk-lib'
import { CfnDistribution, CfnFunction, CfnOriginAccessControl } from 'aws-cdk-lib/aws-cloudfront'
import { AnyPrincipal, Effect, PolicyDocument, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { CfnBucketPolicy, type IBucket } from 'aws-cdk-lib/aws-s3'
import { EDGE_HEADER } from '../../homes/aws/edge-header.ts'
import type { Row } from '../../homes/aws/wiring.ts'
import { cachePolicies, WHOLE_REQUEST } from '../edge/caching.ts'
import { headersPolicies } from '../edge/headers.ts'
import { rewriting } from '../edge/rewriting.ts'
import { acknowledge } from '../lib/nag.ts'
import type { Plan } from '../lib/plan.ts'
import { EDGE_SECRET } from './store.ts'

type Delivering = {
  plan: Plan
  behaviours: readonly Row[]
  store: IBucket
  logs: IBucket
  /** The key group whose signatures open videos. */
  signers: string
  apiHost: string
  hooksHost: string
}

const READ = ['GET', 'HEAD']
const ALL = ['GET', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'POST', 'DELETE']
/** A page that is not there; a bucket says 403 until its policy is in force. */
const ABSENT = [403, 404]

/** The edge keeps these for ten seconds where nobody says otherwise: a cookie that ended or a fault that has passed would go on for all. */
const UNKEPT = [400, 403, 405, 500, 502, 503, 504]

/** Which origin answers a row: a page that is not in the store is answered by the API, with the app's own page. */
const targetOf = ({ origin, lookup, pattern }: Row): string => {
  if (origin === 'app') return pattern.startsWith('/hooks/') ? 'hooks' : 'api'
  return ['page', 'place', 'home'].includes(lookup) ? 'pages' : 'store'
}

const rowsOf = (stack: Stack, { plan, behaviours, signers }: Delivering) => {
  const { url, mediaUrl, names } = plan
  const program = new CfnFunction(stack, 'rewriting', {
    name: names.prefix,
    autoPublish: true,
    functionCode: rewriting({
      behaviours,
      mediaHost: url === mediaUrl ? undefined : new URL(mediaUrl).host,
      hasDomain: plan.certificate !== undefined,
      proxyDigest: plan.proxyDigest,
    }),
    functionConfig: { comment: 'Addresses of pages to keys of the store', runtime: 'cloudfront-js-2.0' },
  })
  const [cachedBy, toldBy] = [cachePolicies(stack, names.prefix), headersPolicies(stack, names.prefix)]
  return behaviours.map((behaviour) => ({
    pattern: behaviour.pattern,
    row: {
      targetOriginId: targetOf(behaviour),
      viewerProtocolPolicy: 'redirect-to-https',
      allowedMethods: behaviour.methods === 'all' ? ALL : READ,
      cachedMethods: READ,
      compress: behaviour.origin !== 'app',
      cachePolicyId: cachedBy(behaviour),
      responseHeadersPolicyId: toldBy(behaviour),
      ...(behaviour.origin === 'app' && { originRequestPolicyId: WHOLE_REQUEST }),
      ...(behaviour.isSigned
        ? { trustedKeyGroups: [signers] }
        : { functionAssociations: [{ eventType: 'viewer-request', functionArn: program.attrFunctionArn }] }),
    },
  }))
}

/** A gateway lets in only what shows this: CloudFormation puts the secret in its place, and the template does not have it. */
const shown = ({ names }: Plan) => ({ headerName: EDGE_HEADER, headerValue: `{{resolve:secretsmanager:${names.prefix}/${EDGE_SECRET}:SecretString}}` })

const gateway = (plan: Plan, id: string, domainName: string): CfnDistribution.OriginProperty => ({
  id,
  domainName,
  originCustomHeaders: [shown(plan)],
  customOriginConfig: { originProtocolPolicy: 'https-only', originSslProtocols: ['TLSv1.2'], originReadTimeout: 30 },
})

const originsOf = (
  stack: Stack,
  { plan, store, apiHost, hooksHost }: Delivering,
): Pick<CfnDistribution.DistributionConfigProperty, 'origins' | 'originGroups'> => {
  const access = new CfnOriginAccessControl(stack, 'access', {
    originAccessControlConfig: { name: plan.names.prefix, originAccessControlOriginType: 's3', signingBehavior: 'always', signingProtocol: 'sigv4' },
  })
  return {
    origins: [
      { id: 'store', domainName: store.bucketRegionalDomainName, originAccessControlId: access.ref, s3OriginConfig: { originAccessIdentity: '' } },
      gateway(plan, 'api', apiHost),
      gateway(plan, 'hooks', hooksHost),
    ],
    originGroups: {
      quantity: 1,
      items: [
        {
          id: 'pages',
          failoverCriteria: { statusCodes: { quantity: ABSENT.length, items: ABSENT } },
          members: { quantity: 2, items: [{ originId: 'store' }, { originId: 'api' }] },
        },
      ],
    },
  }
}

const hostsOf = ({ certificate, url, mediaUrl }: Plan): Pick<CfnDistribution.DistributionConfigProperty, 'aliases' | 'viewerCertificate'> =>
  certificate === undefined
    ? { viewerCertificate: { cloudFrontDefaultCertificate: true } }
    : {
        aliases: [url, mediaUrl].map((origin) => new URL(origin).host),
        viewerCertificate: { acmCertificateArn: certificate, sslSupportMethod: 'sni-only', minimumProtocolVersion: 'TLSv1.2_2021' },
      }

/** Only this distribution reads, and nobody without TLS. */
const onlyFor = (stack: Stack, store: IBucket, distribution: CfnDistribution): CfnBucketPolicy => {
  const onlyIt = { StringEquals: { 'aws:SourceArn': `arn:${Aws.PARTITION}:cloudfront::${Aws.ACCOUNT_ID}:distribution/${distribution.ref}` } }
  const everything = [store.bucketArn, store.arnForObjects('*')]
  const reads = new PolicyStatement({
    principals: [new ServicePrincipal('cloudfront.amazonaws.com')],
    actions: ['s3:GetObject'],
    resources: ['media', 'files', 'catalogue', 'site'].map((prefix) => store.arnForObjects(`${prefix}/*`)),
    conditions: onlyIt,
  })
  // Whoever may not look into a bucket is told 403 of what is missing; the pages tell "none yet" by a 404, and the player a cookie that ended by a 403.
  const looks = new PolicyStatement({
    principals: [new ServicePrincipal('cloudfront.amazonaws.com')],
    actions: ['s3:ListBucket'],
    resources: [store.bucketArn],
    conditions: onlyIt,
  })
  const plain = new PolicyStatement({
    effect: Effect.DENY,
    principals: [new AnyPrincipal()],
    actions: ['s3:*'],
    resources: everything,
    conditions: { Bool: { 'aws:SecureTransport': 'false' } },
  })
  return new CfnBucketPolicy(stack, 'store-policy', { bucket: store.bucketName, policyDocument: new PolicyDocument({ statements: [reads, looks, plain] }) })
}

/** One distribution for the school's host and that of its media, made of the table of behaviours. */
export const deliveryStack = (stack: Stack, delivering: Delivering) => {
  const { plan, logs, store } = delivering
  const rows = rowsOf(stack, delivering)
  const shell = rows.at(-1)
  if (shell?.pattern !== '*') throw new Error('The table of behaviours has no default row at its end.')
  const distribution = new CfnDistribution(stack, 'distribution', {
    distributionConfig: {
      enabled: true,
      comment: plan.names.prefix,
      httpVersion: 'http2and3',
      ipv6Enabled: true,
      priceClass: 'PriceClass_100',
      defaultCacheBehavior: shell.row,
      cacheBehaviors: rows.slice(0, -1).map(({ pattern, row }) => ({ pathPattern: pattern, ...row })),
      customErrorResponses: UNKEPT.map((errorCode) => ({ errorCode, errorCachingMinTtl: 0 })),
      logging: { bucket: logs.bucketRegionalDomainName, prefix: 'distribution/', includeCookies: false },
      ...originsOf(stack, delivering),
      ...hostsOf(plan),
    },
  })
  onlyFor(stack, store, distribution)
  acknowledge(distribution, 'A school sells wherever its owner may; who is not to be served is a matter of law and not of this template.', 'AwsSolutions-CFR1')
  acknowledge(
    distribution,
    'Limits stand at the gateways and in the functions, Cloudflare stands before the school, and a firewall costs more than an idle school.',
    'AwsSolutions-CFR2',
  )
  if (plan.certificate === undefined)
    acknowledge(distribution, "CloudFront's own name takes no other TLS minimum: for a try, without a domain and without learners.", 'AwsSolutions-CFR4')
  new CfnOutput(stack, 'DistributionId', { value: distribution.ref })
  new CfnOutput(stack, 'DistributionDomain', { value: distribution.attrDomainName })
  return { distribution }
}
