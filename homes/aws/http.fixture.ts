import type { APIGatewayProxyEventV2 } from 'aws-lambda'

type Asked = { method?: string; path?: string; query?: string; headers?: Record<string, string>; cookies?: string[]; body?: string | Uint8Array }

/** An event of an HTTP API, payload 2.0, as one was recorded; a body of bytes comes in base64. */
export const anEvent = ({ method = 'GET', path = '/', query = '', headers = {}, cookies, body }: Asked = {}): APIGatewayProxyEventV2 => ({
  version: '2.0',
  routeKey: '$default',
  rawPath: path,
  rawQueryString: query,
  ...(cookies && { cookies }),
  headers: {
    accept: '*/*',
    'content-length': String(body?.length ?? 0),
    host: 'a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com',
    'user-agent': 'Mozilla/5.0',
    via: '2.0 0123456789abcdef.cloudfront.net (CloudFront)',
    'x-amz-cf-id': 'r_5Xc3',
    'x-amzn-trace-id': 'Root=1-5e6722a7-cc56xmpl46db7ae02d4da47e',
    'x-forwarded-for': '203.0.113.7, 130.176.1.2',
    'x-forwarded-port': '443',
    'x-forwarded-proto': 'https',
    ...headers,
  },
  requestContext: {
    accountId: '111122223333',
    apiId: 'a1b2c3d4e5',
    domainName: 'a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com',
    domainPrefix: 'a1b2c3d4e5',
    http: { method, path, protocol: 'HTTP/1.1', sourceIp: '130.176.1.2', userAgent: 'Mozilla/5.0' },
    requestId: 'JKJaXmPLvHcESHA=',
    routeKey: '$default',
    stage: '$default',
    time: '10/Nov/2026:03:18:47 +0000',
    timeEpoch: 1_794_280_727_000,
  },
  ...(body !== undefined && { body: typeof body === 'string' ? body : Buffer.from(body).toString('base64') }),
  isBase64Encoded: body !== undefined && typeof body !== 'string',
})

/** A door that lets everybody in: the distribution is not part of what is shown. */
export const anybody = async (): Promise<boolean> => true
