# syntax=docker/dockerfile:1
FROM golang:1.23.2-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN --mount=type=cache,target=/go/pkg/mod go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -o /out/server ./cmd/server

FROM gcr.io/distroless/static-debian12:nonroot
COPY --from=build /out/server /usr/bin/server
USER 65532:65532
EXPOSE 8080
ENTRYPOINT ["/usr/bin/server"]
