"""Names that every script knows: of ECMAScript, browsers, Node, TypeScript, test frameworks.

Not complete, and need not be: what the file used before is never held against an edit, and
`World.has_name` may know more.
"""

from __future__ import annotations

import re
from typing import Final

_NAMES: Final = frozenset(
    """
    AggregateError Array ArrayBuffer AsyncDisposableStack AsyncFunction AsyncGenerator
    AsyncIterableIterator AsyncIterator AsyncIterable Atomics BigInt BigInt64Array
    BigUint64Array Boolean DataView Date DisposableStack Error EvalError FinalizationRegistry
    Float16Array Float32Array Float64Array Function Generator GeneratorFunction Infinity
    Int16Array Int32Array Int8Array Intl Iterator JSON Map Math NaN Number Object Promise Proxy
    RangeError ReferenceError Reflect RegExp Set SharedArrayBuffer String SuppressedError Symbol
    SyntaxError Temporal TypeError URIError Uint16Array Uint32Array Uint8Array Uint8ClampedArray
    WeakMap WeakRef WeakSet decodeURI decodeURIComponent encodeURI encodeURIComponent escape
    unescape eval globalThis isFinite isNaN parseFloat parseInt undefined arguments this super
    Awaited Capitalize ConstructorParameters Exclude Extract InstanceType Iterable
    IterableIterator IteratorResult IteratorReturnResult IteratorYieldResult Lowercase NoInfer
    NonNullable Omit OmitThisParameter Parameters Partial Pick PromiseLike PropertyDescriptor
    PropertyDescriptorMap PropertyKey Readonly ReadonlyArray ReadonlyMap ReadonlySet Record
    Required ReturnType TemplateStringsArray ThisParameterType ThisType Uncapitalize Uppercase
    ArrayLike ArrayBufferLike ArrayBufferView ClassDecorator MethodDecorator ParameterDecorator
    PropertyDecorator TypedPropertyDescriptor CallableFunction NewableFunction IArguments
    ConcatArray PromiseSettledResult PromiseFulfilledResult PromiseRejectedResult
    PromiseConstructor ErrorConstructor ErrorOptions RegExpMatchArray RegExpExecArray
    ObjectConstructor DateConstructor ArrayConstructor NumberConstructor StringConstructor
    MapConstructor SetConstructor SymbolConstructor FunctionConstructor WeakKey BufferSource
    AsyncGeneratorFunction ClassMethodDecoratorContext ClassFieldDecoratorContext
    DecoratorContext BuiltinIteratorReturn any unknown never object string number boolean symbol
    bigint void null true false const asserts keyof infer unique readonly window self document
    navigator location history screen localStorage sessionStorage indexedDB caches crypto
    performance customElements visualViewport frames parent top opener origin alert confirm
    prompt print open close stop focus blur postMessage fetch atob btoa requestAnimationFrame
    cancelAnimationFrame requestIdleCallback cancelIdleCallback getComputedStyle getSelection
    matchMedia scroll scrollTo scrollBy moveTo moveBy resizeTo innerWidth innerHeight outerWidth
    outerHeight devicePixelRatio scrollX scrollY pageXOffset pageYOffset reportError
    structuredClone queueMicrotask setTimeout clearTimeout setInterval clearInterval
    setImmediate clearImmediate addEventListener removeEventListener dispatchEvent
    createImageBitmap importScripts registerProcessor skipWaiting clients registration event
    name console process Buffer global require module exports __dirname __filename NodeJS
    NodeRequire Bun Deno WebAssembly AbortController AbortSignal AbortPaging Attr Blob BlobPart
    BroadcastChannel ByteLengthQueuingStrategy Cache CacheStorage CharacterData Client Clients
    Clipboard ClipboardItem Comment CompressionStream DecompressionStream CountQueuingStrategy
    Crypto CryptoKey CryptoKeyPair CustomElementRegistry DOMException DOMHighResTimeStamp
    DataTransfer DataTransferItem DataTransferItemList Document DocumentFragment DocumentType
    EventListener EventInit EventListenerObject EventListenerOrEventListenerObject
    EventListenerOptions EventSource EventTarget File FileList FileReader FocusOptions FontFace
    FontFaceSet FormData Gamepad Geolocation GeolocationPosition GlobalEventHandlers Headers
    HeadersInit History IdleDeadline Image ImageBitmap ImageData IntersectionObserver
    IntersectionObserverEntry IntersectionObserverInit Location Lock LockManager MessageChannel
    MessagePort MimeType MutationObserver MutationRecord NamedNodeMap Navigator Node NodeFilter
    NodeIterator NodeList NodeListOf Notification NotificationOptions OffscreenCanvas Option
    Path2D Performance PerformanceEntry PerformanceObserver Permissions Plugin Range
    ReadableStream ReadableStreamDefaultReader ReadableStreamDefaultController ReportingObserver
    Request RequestInfo RequestInit RequestMode RequestCredentials RequestCache ResizeObserver
    ResizeObserverEntry Response ResponseInit Screen ScrollBehavior ScrollOptions
    ScrollToOptions ScrollIntoViewOptions Selection ServiceWorker ServiceWorkerContainer
    ServiceWorkerGlobalScope ServiceWorkerRegistration ShadowRoot ShadowRootInit SharedWorker
    SpeechRecognition SpeechSynthesis Storage StorageManager StyleSheet SubtleCrypto Text
    TextDecoder TextDecoderStream TextEncoder TextEncoderStream TextMetrics Touch TouchList
    TransformStream TreeWalker URL URLSearchParams VisualViewport WebSocket Window
    WindowOrWorkerGlobalScope Worker WorkerGlobalScope DedicatedWorkerGlobalScope WritableStream
    XMLHttpRequest XMLSerializer XPathResult BodyInit ChildNode ParentNode Element Event
    ErrorCallback FrameRequestCallback TimerHandler VoidFunction Transferable WindowProxy
    BigInteger Animation AnimationTimeline Keyframe KeyframeEffect OnErrorEventHandler
    ElementTagNameMap JSX React ReactDOM describe it test expect suite specify context before
    after beforeEach afterEach beforeAll afterAll jest vi vitest assert cy Cypress chai sinon
    jasmine spyOn fail pending xit xdescribe QUnit browser page chrome $ jQuery _ angular Vue ko
    d3 google gtag dataLayer acquireVsCodeApi GM_getValue GM_setValue define amd importMeta
    """.split()
)
# Families of names of the DOM: HTMLDivElement, PointerEvent, CSSStyleDeclaration.
_FAMILY: Final = re.compile(
    r"(?:HTML|SVG|MathML)\w*|(?:CSS|DOM|IDB|RTC|WebGL|WebGL2|GPU|XR|USB|HID|MIDI|EXT_|OES_|WEBGL_)[A-Z_]\w*"
    r"|(?:Audio|Media|Video|Animation|Canvas|Crypto|FileSystem|Font|Performance|Presentation|Push|Payment"
    r"|Readable|Writable|Transform|Speech|Web|XPath|Touch|Storage|Sensor|Encoded|Image|Navigation)[A-Z]\w*"
    r"|(?:UI|Mouse|Keyboard|Pointer|Wheel|Focus|Input|Drag|Clipboard|Composition|Custom|Hash[Cc]hange"
    r"|Message|PopState|Progress|Promise[Rr]ejection|Error|Close|Storage|Submit|Touch|Transition|Before\w+"
    r"|Page\w+|Track|Device\w+|Fetch|Extendable\w*|Toggle|FormData)Event(?:Init|Map)?"
    r"|\w+EventMap|\w+GlobalScope|[A-Z]\w*Constructor(?:Like)?|XMLHttpRequest\w*|ProxyHandler"
    r"|Class\w+DecoratorContext|in|out"
)


def is_global(name: str) -> bool:
    return name in _NAMES or _FAMILY.fullmatch(name) is not None
