FROM golang:1.23 AS build
RUN go build -o /server ./cmd/server
# ok: dockerfile-image-latest
FROM gcr.io/distroless/static-debian12:nonroot
COPY --from=build /server /server
# ok: dockerfile-user-missing
ENTRYPOINT ["/server"]
